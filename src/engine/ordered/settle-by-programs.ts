import { buildStage, isLinear, type SettledGoal } from "../../../models/index.js";
import { SHARES } from "../budget/budget.js";
import { solveExactly } from "../goals/exact-stage.js";
import type { OrderedWave } from "./ordered-wave.js";

/** Tasks up to which a solver that is asked for by name gets the program of start times; it has two order variables for two tasks. */
const MAX_TASKS = 12;

/** Whether a solver is named, the wave is small, and anything is left to settle. */
export function isForPrograms(wave: OrderedWave): boolean {
  const { solver } = wave.session.options;
  const isNamed = solver !== "auto" && solver !== "greedy";
  return isNamed && wave.instance.numTasks <= MAX_TASKS && !wave.isSettled(true);
}

/** The goals by their programs of start times, one after another. */
export async function settleByPrograms(wave: OrderedWave): Promise<void> {
  const { session, instance, chain } = wave;
  const { gap } = session.options;
  const settled: SettledGoal[] = [];
  for (const [k, goal] of chain.goals.entries()) {
    if (!isLinear(goal) || session.budget.struckLimit() !== null) return;
    if (goal.name === "deferral" && wave.best?.values[k] === 0) {
      // Nothing is less than nothing.
      settled.push({ goal, value: 0 });
      continue;
    }
    const outcome = await solveExactly(session, session.exactSolvers(), {
      ...{ instance, goal, settled, incumbent: wave.best?.plan ?? null },
      built: buildStage(instance, { goal, settled }),
      share: SHARES.exact,
      gap: k === chain.firstIndex ? gap : 0,
    });
    if (outcome.status === "infeasible") wave.isInfeasible = true;
    if (outcome.status === "optimal" || outcome.status === "feasible") wave.offer(outcome.plan, goal.name);
    if (outcome.status !== "optimal") return;
    const value = wave.best?.values[k] ?? goal.evaluate(outcome.plan);
    wave.prove(
      k,
      value,
      settled.map((one) => one.value),
      "search",
    );
    settled.push({ goal, value });
  }
}
