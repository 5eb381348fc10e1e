/** What compiles and what does not; `tsc` is the test: an expected error that is none is one. */
import {
  AdaptiveOptimizer,
  AdaptiveScheduler,
  defineStrategy,
  OptimizationFeedbackLoop,
  OptimizationMonitor,
  type ProblemInput,
  solve,
  type SolveResult,
  type SolveOptionsInput,
  verify,
} from "../../src/index.js";
import type { GivenSolveOptions } from "../../src/domain/options/solve-options.js";
import type { ProblemDocument } from "../../src/domain/schemas/problem.js";

const TASK = { task_id: "a", risk_level: "LOW", confidence: 0.9 } as const;

export async function problems(): Promise<void> {
  await solve({ agents: [{ agent_id: "a" }], tasks: [TASK] }, { strategy: "maximize_success" });
  // @ts-expect-error -- a key that is none
  await solve({ agents: [{ agent_id: "a", capacty_ms: 90 }], tasks: [TASK] });
  // @ts-expect-error -- a key that is none, in a task
  await solve({ agents: [{ agent_id: "a" }], tasks: [{ ...TASK, depends: ["b"] }] });
  // @ts-expect-error -- a word that is none
  await solve({ agents: [{ agent_id: "a" }], tasks: [{ ...TASK, risk_level: "SOME" }] });
  // @ts-expect-error -- tasks are missing
  await solve({ agents: [{ agent_id: "a" }] });
  // @ts-expect-error -- an option that is none
  await solve({ agents: [{ agent_id: "a" }], tasks: [TASK] }, { timeLimit: 5 });
  // @ts-expect-error -- a strategy that is none
  await solve({ agents: [{ agent_id: "a" }], tasks: [TASK] }, { strategy: "maximise_success" });
  await solve(
    { agents: [{ agent_id: "a" }], tasks: [TASK] },
    { strategy: defineStrategy({ name: "x", sense: "min", perTask: () => 1 }) },
  );
  // @ts-expect-error -- a goal is a sum or a function of the plan, not both
  defineStrategy({ name: "x", sense: "min", perTask: () => 1, ofPlan: () => 1 });
}

export function outcomes(result: SolveResult): string {
  // @ts-expect-error -- whether there is a value depends on the termination
  const early: number = result.objective.value;
  switch (result.termination) {
    case "optimal":
    case "feasible": {
      const value: number = result.objective.value;
      return `${value}`;
    }
    case "infeasible":
      return result.conflict.explanation;
    case "no_solution":
      // @ts-expect-error -- there is no conflict
      return result.conflict.explanation;
    case "error":
      return result.error;
  }
  // @ts-expect-error -- every way a solve can end has been told
  return result.termination + String(early);
}

export async function classes(problem: ProblemInput): Promise<void> {
  const optimizer = new AdaptiveOptimizer();
  await optimizer.loadPhase18Data({ phase18Dir: "outputs/phase18" });
  const plan = await optimizer.optimizeForSuccess({ wave: 1 });
  const scheduler = new AdaptiveScheduler(plan.problem, plan, { heuristics: optimizer.heuristics, wave: 1 });
  const record = scheduler.recordWave(await scheduler.executeSchedule());
  new OptimizationFeedbackLoop({ heuristics: optimizer.heuristics }).evaluateScheduleOutcome(record);
  new OptimizationMonitor({ numWaves: 1 }).observeWave(record);
  const result = await solve(problem);
  AdaptiveScheduler.fromDocument(problem, result);
  verify(result, problem);
}

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
/** The generated interfaces say what the schemas and the table of options say. */
export const problemIsCurrent: Same<Frozen<ProblemInput>, Frozen<ProblemDocument>> = true;
export const optionsAreCurrent: Same<SolveOptionsInput, GivenSolveOptions> = true;
