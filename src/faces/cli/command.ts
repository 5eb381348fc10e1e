import { COMMAND_OPTIONS, type FlagOption, InputError, longOf, SOLVE_OPTIONS } from "../../domain/index.js";
import type { Environment, Outcome } from "./environment.js";
import type { FlagsOf } from "./flags.js";

/** One command: what it is called, which options of the tables it takes, and what it does. */
interface CommandSpec<Name extends string, O extends FlagOption, Required extends FlagOption> {
  readonly name: Name;
  /** One sentence. */
  readonly summary: string;
  /** What `<result>` is, for a command that takes one. */
  readonly argument?: string;
  /** Name of the argument in help. Default: `result`. */
  readonly argumentName?: string;
  /** What `<other>` is, for a command that takes two results. */
  readonly other?: string;
  /** In the order of help. */
  readonly options: readonly O[];
  /** Options it cannot do without. */
  readonly required?: readonly Required[];
  /** Examples and remarks below the options. */
  readonly help: string;
  /** Rules between options. @throws InputError */
  readonly check?: (flags: CommandFlags<O, Required>, resultFile: string) => void;
  /** `resultFile` is the argument and `otherFile` the one after it; empty for a command that takes none. */
  readonly run: (
    flags: CommandFlags<O, Required>,
    environment: Environment,
    resultFile: string,
    otherFile: string,
  ) => Promise<Outcome>;
}

type CommandFlags<O extends FlagOption, R extends FlagOption> = FlagsOf<O> & {
  readonly [Name in keyof FlagsOf<R>]-?: FlagsOf<R>[Name];
};

/** A command whose flags the parser has checked, so that their types can be left behind. */
export interface Command<Name extends string = string> extends Pick<
  CommandSpec<Name, FlagOption, never>,
  "name" | "summary" | "argument" | "argumentName" | "other" | "options" | "help"
> {
  /** @throws InputError where a required option is missing or a rule between options is broken */
  readonly check: (flags: object, resultFile: string) => void;
  readonly run: (flags: object, environment: Environment, resultFile: string, otherFile: string) => Promise<Outcome>;
}

export function defineCommand<const Name extends string, O extends FlagOption, Required extends FlagOption = never>(
  spec: CommandSpec<Name, O, Required>,
): Command<Name> {
  const { required = [], check, run } = spec;
  type Flags = CommandFlags<O, Required>;
  return {
    ...spec,
    check: (flags, resultFile) => {
      const missing = required.find(({ flag }) => !(longOf(flag).slice(2) in flags));
      if (missing !== undefined) throw new InputError(`phase19 ${spec.name}`, `needs ${nameWithValue(missing.flag)}`);
      check?.(flags as Flags, resultFile);
    },
    run: (flags, environment, resultFile, otherFile) => run(flags as Flags, environment, resultFile, otherFile),
  };
}

/** `--outcomes FILE or DIR` of `--outcomes <file|dir>`. */
function nameWithValue(flag: string): string {
  return flag.replace(/<(.*)>/, (_, value: string) => value.toUpperCase().replace("|", " or "));
}

/** Options that govern standard error and colour. */
export const NOTE_OPTIONS = [COMMAND_OPTIONS.quiet, COMMAND_OPTIONS.verbose, COMMAND_OPTIONS.color];

/** Options every command with a result has. */
export const OUTPUT_OPTIONS = [COMMAND_OPTIONS.format, ...NOTE_OPTIONS];

type SolveFlag = Extract<(typeof SOLVE_OPTIONS)[keyof typeof SOLVE_OPTIONS], FlagOption>;

/** Options of the plans of a wave or of all waves, for `solve` and `run`. */
export const PLANNING_OPTIONS = Object.values(SOLVE_OPTIONS).filter(
  (option): option is Exclude<SolveFlag, { readonly perPlan: true }> => "flag" in option && !("perPlan" in option),
);
