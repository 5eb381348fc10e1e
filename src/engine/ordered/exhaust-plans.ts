import { countOf } from "../../domain/index.js";
import { runInSlices } from "../threads/slices.js";
import type { OrderedWave } from "./ordered-wave.js";
import { searchPlanTree } from "./plan-tree.js";

/** Nodes by the number of tasks: for all goals together, and for those up to the first alone. */
const EFFORTS = [
  { maxTasks: 8, all: 60_000, first: 60_000 },
  { maxTasks: 14, all: 2_000, first: 150_000 },
  { maxTasks: 20, all: 0, first: 60_000 },
] as const;
/** What a node costs in moves of the budget. Measured. */
const MOVES_PER_NODE = 8;

function effortOf({ instance }: OrderedWave) {
  return EFFORTS.find(({ maxTasks }) => instance.numTasks <= maxTasks) ?? null;
}

export function isForTree(wave: OrderedWave): boolean {
  return effortOf(wave) !== null;
}

/** Few tasks are searched exhaustively: for all goals, and for those up to the first where that does not end. */
export async function exhaustPlans(wave: OrderedWave): Promise<void> {
  const { all, first } = effortOf(wave)!;
  const { goals, chain } = wave;
  if (all > 0 && (await exhaust(wave, goals.length, all))) return;
  if (!wave.isSettled(false)) await exhaust(wave, chain.firstIndex + 1, first);
}

/** Whether the search for the first goals of the chain came to its end. */
async function exhaust(wave: OrderedWave, numGoals: number, nodes: number): Promise<boolean> {
  const { session, instance } = wave;
  const { budget } = session;
  const stage = "order: tree";
  const since = session.context.clock();
  session.report("stage", stage);
  const goals = wave.goals.slice(0, numGoals);
  const { isExhausted, numNodes } = await runInSlices(
    searchPlanTree(instance, {
      goals,
      known: () => wave.best?.values.slice(0, numGoals) ?? null,
      proven: () => goals.map((_, goal) => wave.boundOf(goal)?.bound ?? null),
      onPlan: (plan) => void wave.offer(plan, stage),
      maxNodes: Math.min(nodes, budget.movesLeft() / MOVES_PER_NODE),
      shouldStop: () => budget.struckLimit() !== null,
    }),
  );
  budget.spend(numNodes * MOVES_PER_NODE);
  const { best } = wave;
  if (isExhausted && best === null) wave.isInfeasible = true;
  if (isExhausted && best !== null) {
    goals.forEach((_, goal) => wave.prove(goal, best.values[goal]!, best.values, "search"));
  }
  wave.record(stage, `${countOf(numNodes, "node")}${isExhausted ? "" : ", not all"}`, since);
  return isExhausted;
}
