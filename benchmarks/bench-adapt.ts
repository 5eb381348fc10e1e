/**
 * What adapting within a wave gains: 6 agents x 60 tasks, and at a third of the wave something happens to one agent, to the money, or a
 * task more comes. The same wave, with the same luck, is played three times in virtual time: without adaptation, as phase19 does it, and by
 * a clairvoyant whose plan knew of the event from the start (and who adapts to luck besides). Prints completed weight and makespan, the share
 * of the clairvoyant's gain, and how often tasks moved. Exit code 1 where an aim is missed.
 *
 * Usage: bench-adapt [--seeds 50] [--only dead,slow] [--tasks 60] [--agents 6] [--strategy NAME]
 */
import { parseArgs } from "node:util";
import { createRandom } from "../src/domain/random.js";
import { NO_HEURISTICS } from "../src/domain/history.js";
import { closeSolvers, type SolveResult, type StrategyName } from "../src/index.js";
import { executePlan } from "../src/pipeline/execute/execute-plan.js";
import { WaveInbox } from "../src/pipeline/execute/live/inbox.js";
import type { Move } from "../src/pipeline/execute/live/mover.js";
import { Purse } from "../src/pipeline/execute/live/purse.js";
import { buildPlannedTasks } from "../src/pipeline/execute/planned-tasks.js";
import { fillFromPrior, parseProblem, resolveOptions, solve } from "../src/planner/index.js";
import {
  COST_FACTOR,
  type EventKind,
  eventfulExecutor,
  EVENTS,
  MAX_RETRIES,
  taskRow,
  waveDocument,
  type WaveEvent,
} from "./adapt/world.js";
import { describeConditions, readConditions } from "./conditions.js";
import { markdownTable } from "./text-table.js";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "50" },
    only: { type: "string", default: "" },
    tasks: { type: "string", default: "60" },
    agents: { type: "string", default: "6" },
    strategy: { type: "string", default: "maximize_success" },
    verbose: { type: "boolean", default: false },
  },
});
const [numSeeds, numTasks, numAgents] = [values.seeds, values.tasks, values.agents].map(Number) as [
  number,
  number,
  number,
];
const CALL = {
  strategy: values.strategy as StrategyName,
  solver: "greedy",
  workLimit: 150_000,
  timeLimitMs: 120_000,
} as const;
/** Money of a wave whose budget falls short, times what its plan costs. */
const BUDGET_MARGIN = 1.1;
/** Weight of a task that comes: it matters. */
const ADDED_WEIGHT = 5;
/** Who foresees that an agent is going begins nothing on it that luck may carry past that: about one task. */
const MARGIN_MS = 1_000;
/** Least share of the clairvoyant's gain; null: only told. */
const AIMS: Readonly<Record<EventKind, number | null>> = {
  ...{ dead: 0.9, slow: 0.9, hangs: 0.8 },
  ...{ flapping: null, budget: null, added: null },
};
const MOST_MOVES = 2;

type Document = ReturnType<typeof waveDocument>;

interface Played {
  readonly weight: number;
  readonly makespanMs: number;
  readonly numMoves: number;
  readonly mostMoves: number;
}

interface Wave {
  readonly document: Document;
  readonly event: WaveEvent;
  readonly plan: SolveResult;
  readonly budget: number | null;
  /** A task that comes at the event. */
  readonly added: Document["tasks"][number] | null;
  readonly seed: number;
}

/** Plays a plan of a document in the wave's world. */
async function play(wave: Wave, document: Document, plan: SolveResult, adapts: boolean): Promise<Played> {
  const { event, seed, budget, added } = wave;
  const problem = fillFromPrior(parseProblem(document, "problem"), { maxRetries: MAX_RETRIES });
  const rules = { heuristics: NO_HEURISTICS, maxRetries: MAX_RETRIES };
  const whole = withTask(wave.document, added);
  const inbox = new WaveInbox();
  const isNews = added !== null && !document.tasks.some(({ task_id }) => task_id === added["task_id"]);
  if (isNews)
    inbox.add(
      wholeProblem(whole).tasks.find(({ taskId }) => taskId === added["task_id"])!,
      event.atMs,
    );
  const moves = new Map<string, number>();
  const onMove = ({ taskId }: Move): void => void moves.set(taskId, (moves.get(taskId) ?? 0) + 1);
  const ran = await executePlan(problem, buildPlannedTasks(problem, plan, rules), {
    ...{ runId: "bench", wave: 1, executor: eventfulExecutor(wholeProblem(whole), event, seed), ...rules, seed },
    ...{ reassignment: adapts, clock: () => performance.now(), onMove, inbox },
    planning: resolveOptions({}, { strategy: CALL.strategy }),
    ...(budget !== null && { purse: new Purse(budget) }),
  });
  const weights = new Map(whole.tasks.map((task) => [task["task_id"] as string, task["weight"] as number]));
  const done = ran.tasks.filter(({ succeeded }) => succeeded);
  return {
    weight: done.reduce((sum, { taskId }) => sum + weights.get(taskId)!, 0),
    makespanMs: ran.tasks.reduce((latest, { endMs }) => Math.max(latest, endMs), 0),
    numMoves: [...moves.values()].reduce((sum, count) => sum + count, 0),
    mostMoves: Math.max(0, ...moves.values()),
  };
}

function wholeProblem(document: Document) {
  return fillFromPrior(parseProblem(document, "problem"), { maxRetries: MAX_RETRIES });
}

function withTask(document: Document, task: Wave["added"]): Document {
  return task === null ? document : { ...document, tasks: [...document.tasks, task] };
}

/** The document as somebody would write it who knew what is to come. */
function foreseen({ document, event, added, plan }: Wave): Document {
  const makespanMs = plan.expected.makespan_ms!;
  const { kind, atMs, agentId } = event;
  switch (kind) {
    case "added":
      return withTask(document, added);
    case "budget": {
      // A third of the wave is paid as expected.
      const factor = 1 / 3 + (2 / 3) * COST_FACTOR;
      const tasks = document.tasks.map((task) => {
        const estimates = Object.entries(task["estimates"] as Record<string, { cost: number }>);
        return {
          ...task,
          estimates: Object.fromEntries(estimates.map(([id, one]) => [id, { ...one, cost: factor * one.cost }])),
        };
      });
      return { ...document, tasks };
    }
    case "dead":
    case "hangs":
    case "slow":
    case "flapping": {
      // What the agent can still do by then; one that flaps is there half of the time.
      const isBack = kind === "flapping";
      const capacity = isBack ? atMs + (makespanMs - atMs) / 2 : Math.max(1, atMs - MARGIN_MS);
      const limited = (agent: Document["agents"][number]) => ({ ...agent, capacity_ms: capacity });
      return { ...document, agents: document.agents.map((one) => (one["agent_id"] === agentId ? limited(one) : one)) };
    }
  }
}

/** By seed: the plan knows nothing of what is to come. */
const plans = new Map<number, SolveResult>();

async function prepare(kind: EventKind, seed: number): Promise<Wave> {
  const document = waveDocument(seed, numTasks, numAgents);
  const plan = plans.get(seed) ?? (await solve(document, CALL));
  plans.set(seed, plan);
  const random = createRandom(1_000 + seed);
  const event = { kind, atMs: plan.expected.makespan_ms! / 3, agentId: `agent_${random.below(numAgents)}` };
  const added = kind === "added" ? { ...taskRow(999, numAgents, random), weight: ADDED_WEIGHT } : null;
  const budget = kind === "budget" ? BUDGET_MARGIN * plan.expected.cost! : null;
  return { document, event, plan, budget, added, seed };
}

/** The share of what foresight gains that adapting gains too, over all waves: in makespan for an agent that is slow, else in completed weight. */
function shareOfGain(kind: EventKind, played: readonly (readonly [Played, Played, Played])[]): number {
  const worth = (one: Played): number => (kind === "slow" ? -one.makespanMs : one.weight);
  const gain = (of: 1 | 2): number => played.reduce((sum, waves) => sum + worth(waves[of]) - worth(waves[0]), 0);
  return gain(1) / gain(2);
}

const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;

console.log(describeConditions(readConditions()));
const rows: string[][] = [];
const misses: string[] = [];
for (const kind of EVENTS.filter((name) => values.only === "" || values.only.split(",").includes(name))) {
  const played: [Played, Played, Played][] = [];
  for (let seed = 1; seed <= numSeeds; seed++) {
    const wave = await prepare(kind, seed);
    const known = foreseen(wave);
    const best = await solve(known, { ...CALL, ...(wave.budget !== null && { budget: wave.budget }) });
    const three = [
      await play(wave, wave.document, wave.plan, false),
      await play(wave, wave.document, wave.plan, true),
      await play(wave, known, best, true),
    ] as [Played, Played, Played];
    played.push(three);
    if (values.verbose)
      console.log(
        kind,
        seed,
        three.map(({ weight, makespanMs }) => `${weight}/${(makespanMs / 1e3).toFixed(1)}`).join("  "),
      );
  }
  const share = shareOfGain(kind, played);
  const mostMoves = Math.max(...played.map(([, own]) => own.mostMoves));
  const of = (k: 0 | 1 | 2): string => {
    const seconds = mean(played.map((one) => one[k].makespanMs)) / 1e3;
    return `${mean(played.map((one) => one[k].weight)).toFixed(1)} / ${seconds.toFixed(1)} s`;
  };
  const moved = mean(played.map(([, own]) => own.numMoves)).toFixed(1);
  rows.push([kind, of(0), of(1), of(2), `${(100 * share).toFixed(1)} %`, moved, String(mostMoves)]);
  console.log(rows.at(-1)!.join(" | "));
  const aim = AIMS[kind];
  if (aim !== null && share < aim)
    misses.push(`${kind}: ${(100 * share).toFixed(1)} % of the gain, aim ${100 * aim} %`);
  if (mostMoves > MOST_MOVES)
    misses.push(`${kind}: a task moved ${mostMoves} times, at most ${MOST_MOVES} are the aim`);
}
const head = ["event", "no adaptation", "phase19", "clairvoyant", "share of gain", "moves a wave", "most of a task"];
console.log(
  `\n${numSeeds} waves of ${numTasks} x ${numAgents}, ${values.strategy}; completed weight / makespan, means`,
);
console.log(markdownTable(head, rows));
for (const miss of misses) console.error(miss);
if (misses.length > 0) process.exitCode = 1;
await closeSolvers();
