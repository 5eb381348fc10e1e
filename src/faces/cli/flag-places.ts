import { attributeOf, COMMAND_OPTIONS, InputError, longOf, RUN_OPTIONS, SOLVE_OPTIONS } from "../../domain/index.js";

/** Flags by what the library calls their options. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ ...COMMAND_OPTIONS, ...RUN_OPTIONS, ...SOLVE_OPTIONS }).flatMap(([name, option]) =>
    "flag" in option ? [name, attributeOf(option.flag)].map((key) => [key, longOf(option.flag)] as const) : [],
  ),
  // The list of ids has no flag of its own: this one takes a file, too.
  ["approved", longOf(COMMAND_OPTIONS.approve.flag)],
]);

/** An error of the library that names one of its options, with the flag instead: `options.stateFile` is `--state` here. */
export function namedByFlag(error: InputError): InputError {
  const flag = FLAGS.get(/^options\.(\w+)$/.exec(error.place)?.[1] ?? "");
  return flag === undefined ? error : new InputError(flag, error.rule, { cause: error });
}
