import { checkSequencedPlan } from "../../src/engine/sequencing/check-sequenced-plan.js";
import type { SequencedPlan } from "../../src/engine/sequencing/sequenced-plan.js";
import { Sequencer } from "../../src/engine/sequencing/sequencer.js";
import { buildSequencingProblem, type SequencingProblem } from "../../src/engine/sequencing/sequencing-problem.js";
import { SEQUENCING_MOVES_PER_MOVE } from "../../src/engine/ordered/sequence-steps.js";
import { closeSolvers } from "../../src/engine/index.js";
import { dagDocument } from "../../src/planner/bench/dag-document.js";
import type { ResultDocument } from "../../src/domain/result.js";
import type { ProblemDocument } from "../../src/domain/schemas/index.js";
import type { DrawnDag } from "../../src/planner/bench/generate-dag.js";
import { solve } from "../../src/planner/solve/solve.js";
import { LARGE_WAVES } from "./large-waves.js";

/** `engine`: the sequencing engine on arrays; `solve`: the whole planner on a document. */
export type LargeWay = "engine" | "solve";

/** What one process is to do, as its first argument in JSON. */
export interface LargeOrder {
  readonly name: string;
  readonly way: LargeWay;
  readonly timeLimitMs: number;
  /** Ends by moves of sequencing instead of time; null: by time. */
  readonly numMoves: number | null;
}

/** What came of it. */
export interface LargeAnswer {
  readonly numDependencies: number;
  readonly makespanMs: number | null;
  readonly boundMs: number | null;
  readonly isProven: boolean;
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Of the process until the answer was there, drawing the wave included. */
  readonly peakMb: number;
  readonly fault: string | null;
}

/** Moves between two looks at the clock, and in a second while nothing is measured yet. */
const SLICE_MOVES = 100_000;
const MOVES_PER_SECOND = 1e7;
const THROUGHPUT = { strategy: "maximize_throughput" } as const;

type Found = Pick<LargeAnswer, "makespanMs" | "boundMs" | "isProven"> & { readonly findFault: () => string | null };

const order = JSON.parse(process.argv[2]!) as LargeOrder;
const dag = LARGE_WAVES.find(({ name }) => name === order.name)!.draw();
const numDependencies = dag.dependsOn.reduce((sum, before) => sum + before.length, 0);
const document = order.way === "solve" ? dagDocument(dag, { options: THROUGHPUT }) : null;
const problem = document === null ? toProblem(dag) : null;
const [sinceMs, sinceCpu] = [performance.now(), process.cpuUsage()];
const cpuSince = (): number => {
  const { user, system } = process.cpuUsage(sinceCpu);
  return (user + system) / 1000;
};
const { findFault, ...found } = problem === null ? await solveWhole() : sequence(problem);
const [wallMs, cpuMs, peakMb] = [performance.now() - sinceMs, cpuSince(), process.resourceUsage().maxRSS / 1024];
const answer: LargeAnswer = { ...found, ...{ numDependencies, wallMs, cpuMs, peakMb, fault: findFault() } };
process.send!(answer);
await closeSolvers();
process.disconnect();

async function solveWhole(): Promise<Found> {
  const limit =
    order.numMoves === null
      ? { timeLimitMs: order.timeLimitMs }
      : { workLimit: Math.ceil(order.numMoves / SEQUENCING_MOVES_PER_MOVE) };
  const result = await solve(document!, { ...THROUGHPUT, ...limit });
  const { value, bound } = result.objective;
  return {
    ...{ makespanMs: value, boundMs: bound, isProven: result.termination === "optimal" },
    findFault: () => (value === null ? null : faultOf(toProblem(dag), planOf(document!, result))),
  };
}

/** Ends by moves, or by its CPU time, so that other work on the machine costs it nothing. */
function sequence(large: SequencingProblem): Found {
  const movesLeft = (numMoves: number): number => {
    if (order.numMoves !== null) return Math.max(0, order.numMoves - numMoves);
    const spentMs = cpuSince();
    const perMs = numMoves < SLICE_MOVES ? MOVES_PER_SECOND / 1000 : numMoves / spentMs;
    return perMs * Math.max(0, order.timeLimitMs - spentMs);
  };
  const sequencer = new Sequencer(large, { seed: 1, movesLeft });
  const isSpent = (): boolean =>
    order.numMoves === null ? cpuSince() >= order.timeLimitMs : sequencer.numMoves >= order.numMoves;
  while (!sequencer.isOver && !isSpent()) sequencer.advance(SLICE_MOVES);
  const { plan, boundMs } = sequencer.record;
  return {
    ...{ makespanMs: plan?.makespanMs ?? null, boundMs, isProven: sequencer.isOver },
    findFault: () => (plan === null ? null : faultOf(large, plan)),
  };
}

function faultOf(large: SequencingProblem, plan: SequencedPlan): string | null {
  return checkSequencedPlan(large, plan)[0]?.text ?? null;
}

/** A schedule in documents as the arrays of `toProblem` count it; −1 where a task has none. */
function planOf({ tasks, agents }: ProblemDocument, { schedule, objective }: ResultDocument): SequencedPlan {
  const taskOf = new Map(tasks.map(({ task_id }, task) => [task_id, task]));
  const agentOf = new Map(agents.map(({ agent_id }, agent) => [agent_id, agent]));
  const plan = {
    pairOf: new Int32Array(tasks.length).fill(-1),
    slotOf: new Int32Array(tasks.length).fill(-1),
    startMs: new Float64Array(tasks.length),
  };
  for (const { task_id, agent_id, start_ms } of schedule) {
    const [task, agent] = [taskOf.get(task_id)!, agentOf.get(agent_id)!];
    plan.pairOf[task] = task * agents.length + agent;
    plan.slotOf[task] = agent;
    plan.startMs[task] = start_ms;
  }
  return { ...plan, makespanMs: objective.value! };
}

function toProblem({ numTasks, numAgents, slots, busyMs, dependsOn }: DrawnDag): SequencingProblem {
  const numPairs = numTasks * numAgents;
  return buildSequencingProblem({
    ...{ numTasks, numAgents, agentSlots: slots, busyMs },
    pairStart: Int32Array.from({ length: numTasks + 1 }, (_, task) => task * numAgents),
    pairAgent: Int32Array.from({ length: numPairs }, (_, pair) => pair % numAgents),
    dependencies: dependsOn.flatMap((others, task) => others.map((other) => [other, task] as const)),
    availableFromMs: new Float64Array(numAgents),
    releaseMs: new Float64Array(numTasks),
    deadlineMs: new Float64Array(numTasks).fill(Infinity),
  });
}
