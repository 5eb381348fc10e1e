/** What there is to know of a solver package without loading it. */
interface BackendFacts {
  readonly packageName: string;
  /** What its adapter imports. */
  readonly entry: string;
  readonly hasDuals: boolean;
  readonly hasCutoff: boolean;
  readonly countsSteps: boolean;
}

/** Program solvers by the name that `--solver` knows, one row each; the adapter of each is `src/engine/exact/<name>-adapter.ts`. */
export const BACKENDS = {
  glpk: { packageName: "glpk.js", entry: "glpk.js/node", hasDuals: true, hasCutoff: false, countsSteps: false },
  highs: { packageName: "highs", entry: "highs", hasDuals: true, hasCutoff: true, countsSteps: true },
  "lp-solver": {
    packageName: "javascript-lp-solver",
    entry: "javascript-lp-solver",
    hasDuals: false,
    hasCutoff: false,
    countsSteps: false,
  },
} as const satisfies Readonly<Record<string, BackendFacts>>;

export type Backend = keyof typeof BACKENDS;
export const BACKEND_NAMES = Object.keys(BACKENDS) as readonly Backend[];

/** Who is asked where a solver fails. */
export const BACKUP: Readonly<Partial<Record<Backend, Backend>>> = { glpk: "lp-solver", highs: "glpk" };
