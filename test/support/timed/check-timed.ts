import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import type { FullProblem, SolverChoice } from "../../../src/domain/problem.js";
import type { SolveOptions } from "../../../src/domain/index.js";
import type { ProblemDocument } from "../../../src/domain/schemas/index.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { solveProblem } from "../../../src/planner/solve/solve-problem.js";
import { verifyResult } from "../../../src/planner/verify/verify-result.js";
import { scheduleFaults } from "./check-schedule.js";
import { everyPlan } from "./every-plan.js";
import { PLAIN_GOALS, type TimedStrategy } from "./plan-values.js";
import { judge, type Reference, referenceOf, type Verdict } from "./judge.js";
import { exceeds, readTimedWave } from "./wave.js";

/** One solve that was compared with every plan. */
export interface TimedSolve {
  readonly strategy: TimedStrategy | "mix";
  readonly solver: SolverChoice;
  readonly result: ResultDocument;
  readonly wallMs: number;
  readonly verdict: Verdict;
}

/** Partial schedules of one wave, at most: a wave with more is left out. */
const MOST_NODES = 400_000;

/**
 * One wave under every strategy and solver against exhaustive search and an independent check of the schedule; null where the wave is too
 * large to look at every plan. The load limits are those that the results state, which depend on neither strategy nor solver.
 */
export async function checkTimed(
  document: ProblemDocument,
  settings: { readonly solvers: readonly SolverChoice[]; readonly timeLimitMs: number },
): Promise<readonly TimedSolve[] | null> {
  const problem = parseProblem(document, "random");
  const options = resolveOptions(problem.options, { timeLimitMs: settings.timeLimitMs });
  const full = fillFromPrior(problem, options);
  const context = { now: () => 0, clock: () => performance.now(), fixedNow: true };
  let reference: Reference | null = null;
  const solves: TimedSolve[] = [];
  for (const strategy of [...(Object.keys(PLAIN_GOALS) as TimedStrategy[]), "mix" as const]) {
    for (const solver of settings.solvers) {
      const own = { ...options, strategy, solver };
      const sinceMs = performance.now();
      const result = await solveProblem(full, own, context);
      const wallMs = performance.now() - sinceMs;
      const wave = readTimedWave(document, result.limits.per_agent_ms);
      if (reference === null || limitsDiffer(reference.wave.agents, wave.agents)) {
        const plans = everyPlan(wave, MOST_NODES);
        if (plans === null) return null;
        reference = referenceOf(wave, plans);
      }
      const faults = result.schedule.length === 0 ? [] : scheduleFaults(wave, result);
      const fault = result.error === null ? verifyFault(result, full, own) : null;
      if (fault !== null) faults.push(fault);
      solves.push({ strategy, solver, result, wallMs, verdict: judge(reference, strategy, result, faults) });
    }
  }
  return solves;
}

/** What `verify` says of the result where that is not right; a verification that fails is a finding and ends nothing. */
function verifyFault(result: ResultDocument, full: FullProblem, options: SolveOptions): string | null {
  try {
    const report = verifyResult(result, full, options);
    return report.verdict === "invalid" ? `verify: ${report.message}` : null;
  } catch (error) {
    return `verify throws: ${String(error)}`;
  }
}

type Limits = readonly { readonly limitMs: number }[];

function limitsDiffer(a: Limits, b: Limits): boolean {
  return a.some(
    ({ limitMs }, k) =>
      limitMs !== b[k]!.limitMs && (exceeds(limitMs, b[k]!.limitMs) || exceeds(b[k]!.limitMs, limitMs)),
  );
}
