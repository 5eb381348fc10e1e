import { drawDag, generateDag } from "../../src/planner/bench/generate-dag.js";
import { dagDocument } from "../../src/planner/bench/dag-document.js";
import { createNamedRandom, drawInteger, drawReal } from "../../src/planner/bench/draw.js";
import type { ProblemDocument } from "../../src/domain/schemas/index.js";

/** A wave so many of whose tasks have early deadlines that some must be left out. */
export interface DeferralWave {
  readonly name: string;
  draw(): ProblemDocument;
}

/** Tasks and agents. */
const SIZES = [
  [100, 6],
  [300, 8],
  [600, 12],
  [2_000, 20],
] as const;
/** Share of the tasks that have a deadline, and how often the time of one task the latest of these is. */
const DEADLINE_SHARE = 1 / 3;
const MOST_TASK_TIMES = 6;
const MEAN_TASK_MS = 2_750;
const MOST_WEIGHT = 5;

/** Order of the tasks, slots an agent at most, largest weight. */
const KINDS = [
  ["random", 1, 1],
  ["random", 3, MOST_WEIGHT],
  ["chains", 1, MOST_WEIGHT],
  ["none", 1, 1],
  ["none", 3, MOST_WEIGHT],
] as const;

export const DEFERRAL_WAVES: readonly DeferralWave[] = SIZES.flatMap(([numTasks, numAgents]) =>
  KINDS.map(([order, mostSlots, mostWeight]) => {
    const suffix = `${mostSlots === 1 ? "single" : "slots"}-${mostWeight === 1 ? "counted" : "weighed"}`;
    const name = `${order}-${numTasks}x${numAgents}-${suffix}`;
    return { name, draw: () => drawWave(name, { order, numTasks, numAgents, mostSlots, mostWeight }) };
  }),
);

interface WaveShape {
  readonly order: (typeof KINDS)[number][0];
  readonly numTasks: number;
  readonly numAgents: number;
  readonly mostSlots: number;
  readonly mostWeight: number;
}

function drawWave(name: string, { order, mostSlots, mostWeight, ...size }: WaveShape): ProblemDocument {
  const random = createNamedRandom(name, 1);
  const { numTasks } = size;
  const free = Array.from({ length: numTasks }, () => []);
  const dag = order === "none" ? drawDag(size, mostSlots, free, random) : generateDag(order, size, mostSlots, random);
  const deadlineMs = Float64Array.from({ length: numTasks }, () =>
    random.unit() < DEADLINE_SHARE ? drawReal(random, MEAN_TASK_MS / 2, MOST_TASK_TIMES * MEAN_TASK_MS) : Infinity,
  );
  const { tasks, ...rest } = dagDocument(dag, { deadlineMs, options: { no_defer: false } });
  return { ...rest, tasks: tasks.map((task) => ({ ...task, weight: drawInteger(random, 1, mostWeight) })) };
}
