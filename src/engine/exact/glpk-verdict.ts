import type { RawAnswer } from "./messages.js";

/** GLPK's solution status (glpk.h). */
const UNDEFINED = 1;
const FEASIBLE = 2;
const NO_FEASIBLE_POINT = 4;
const OPTIMAL = 5;
const UNBOUNDED = 6;

type WithoutPoint<A> = A extends unknown ? Omit<A, "values" | "duals"> : never;
/** What ended a solve, before the point is read. */
export type GlpkVerdict = WithoutPoint<RawAnswer>;

/**
 * Why GLPK stopped. Status 1 stands for infeasible, unbounded, time-out and refusal alike, status 2 for time-out and
 * gap; the line GLPK prints for each return code tells them apart. Time comes first, so that a time-out is never
 * read as infeasible, and what no line explains is an error.
 * @param output everything GLPK printed at message level 3
 * @param gap the gap that was asked for
 */
export function readGlpkVerdict(status: number, output: readonly string[], gap: number): GlpkVerdict {
  const says = (pattern: RegExp): boolean => output.some((line) => pattern.test(line));
  switch (status) {
    case OPTIMAL:
      return { verdict: "optimal" };
    case FEASIBLE:
      if (says(/^TIME LIMIT EXCEEDED/)) return { verdict: "feasible", limit: "time" };
      // With no gap to spare the bound has met the point.
      if (says(/GAP TOLERANCE REACHED/))
        return gap > 0 ? { verdict: "feasible", limit: "gap" } : { verdict: "optimal" };
      return unexplained(status, output);
    case NO_FEASIBLE_POINT:
      return { verdict: "infeasible" };
    case UNBOUNDED:
      return { verdict: "unbounded" };
    default:
      break;
  }
  if (says(/^TIME LIMIT EXCEEDED/)) return { verdict: "no_solution", limit: "time" };
  if (status !== UNDEFINED) return unexplained(status, output);
  if (says(/HAS NO (PRIMAL |INTEGER )?FEASIBLE SOLUTION/)) return { verdict: "infeasible" };
  if (says(/HAS UNBOUNDED (PRIMAL )?SOLUTION|HAS NO DUAL FEASIBLE SOLUTION/)) return { verdict: "unbounded" };
  return unexplained(status, output);
}

function unexplained(status: number, output: readonly string[]): GlpkVerdict {
  const lastLine = output.at(-1) ?? "and printed nothing";
  return { verdict: "error", message: `GLPK stopped with status ${status}: ${lastLine}`, isRuntimeBroken: false };
}
