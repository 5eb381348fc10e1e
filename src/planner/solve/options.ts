import { SOLVE_OPTION_NAMES, SOLVE_OPTIONS, type SolveOptions } from "../../domain/index.js";

/** Defaults of every option of a plan. */
export const DEFAULT_OPTIONS = Object.fromEntries(
  SOLVE_OPTION_NAMES.map((name) => [name, SOLVE_OPTIONS[name].default]),
) as unknown as SolveOptions;

/** Defaults, overridden by the document's options, overridden by the caller's. An `undefined` overrides nothing. */
export function resolveOptions(
  documentOptions: Partial<SolveOptions>,
  callOptions: { readonly [K in keyof SolveOptions]?: SolveOptions[K] | undefined },
): SolveOptions {
  const given = Object.entries(callOptions).filter(([, value]) => value !== undefined);
  return { ...DEFAULT_OPTIONS, ...documentOptions, ...(Object.fromEntries(given) as Partial<SolveOptions>) };
}
