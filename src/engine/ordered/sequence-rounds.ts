import { countOf } from "../../domain/index.js";
import { type Assignment, DEFERRED, findPair, type Instance, selectTasks } from "../../../models/index.js";
import type { CertifiedRound } from "../../domain/index.js";
import { runEngine } from "../goals/run-engine.js";
import { findRounds } from "../sequencing/rounds.js";
import { runInSlices } from "../threads/slices.js";
import { evaluateInTurn, longestPathMs, roundGoal, roundInstance } from "./in-turn.js";
import type { OrderedWave } from "./ordered-wave.js";
import { SEQUENCING_MOVES_PER_MOVE, sequenceSteps } from "./sequence-steps.js";
import { viewSequencing } from "./sequencing-view.js";

/** Of the moves and of the time left, for all rounds together: little else is left to find after them. */
const SHARE = 0.8;
/** Shorter waves are searched exhaustively as a whole. */
const LEAST_TASKS = 16;
/** On larger ones rounds are so wide that loads say nearly all there is to say, and each takes long. */
const MOST_PAIRS = 50_000;

export function isForRounds({ isTimedFirst, instance }: OrderedWave): boolean {
  return isTimedFirst && instance.numTasks >= LEAST_TASKS && instance.numPairs <= MOST_PAIRS;
}

/**
 * Waves whose tasks run in rounds: each round is an assignment problem of its own, which the engine for waves without order plans and proves; where
 * tasks of a round wait for each other, that engine gives a bound, and the round is sequenced. Rounds follow each other, so that their plans make
 * a plan and their bounds a bound.
 */
export async function sequenceRounds(wave: OrderedWave): Promise<void> {
  const { instance, session, makespanAt } = wave;
  const view = viewSequencing(instance, { pairOf: "any" });
  const rounds = view.problem.numTasks === instance.numTasks ? findRounds(view.problem) : null;
  if (rounds === null) return;
  const since = session.context.clock();
  session.report("stage", "order: rounds");
  const { budget } = session;
  const [movesKept, msKept] = [(1 - SHARE) * budget.movesLeft(), (1 - SHARE) * budget.remainingMs()];
  const whole = emptyPlan(instance.numTasks);
  const certified: CertifiedRound[] = [];
  let [endMs, boundMs] = [0, 0];
  for (const [k, round] of rounds.entries()) {
    const tasks = Array.from(round.tasks, (task) => view.taskOf[task]!).sort((a, b) => a - b);
    const part = roundInstance(instance, tasks);
    const left = rounds.slice(k).reduce((sum, { tasks: own }) => sum + own.length - 1, 0);
    const shareOf = (all: number, kept: number): number =>
      all > kept ? ((1 - kept / all) * (tasks.length - 1)) / Math.max(1, left) : 0;
    const shares = {
      workShare: shareOf(budget.movesLeft(), movesKept),
      timeShare: shareOf(budget.remainingMs(), msKept),
    };
    const solved = await (round.isFree
      ? solveRound(wave, part, shares)
      : solveOrderedRound(wave, part, { ...part, timing: selectTasks(instance, tasks).timing }, shares));
    boundMs += solved.boundMs;
    certified.push({ tasks: part.taskIds, ...solved.certified });
    endMs = appendRound(whole, part, tasks, solved.plan, endMs);
  }
  wave.offer(whole, "order: rounds");
  if (wave.best !== null && wave.placesAll && instance.deferral.kind !== "priced") {
    const certificate = { kind: "in_turn", rounds: certified, multipliers: {}, bound: 0 } as const;
    const bound = evaluateInTurn(instance, wave.best.plan, certificate);
    if (bound > 0) wave.prove(makespanAt, bound, wave.best.values, "bound", { ...certificate, bound });
    wave.prove(makespanAt, boundMs, wave.best.values, "search");
  }
  wave.record("order: rounds", countOf(rounds.length, "round"), since);
}

interface Shares {
  readonly workShare: number;
  readonly timeShare: number;
}

interface SolvedRound {
  readonly plan: Assignment;
  readonly boundMs: number;
  readonly certified: Pick<CertifiedRound, "at_ms" | "multipliers">;
}

async function solveRound({ session }: OrderedWave, part: Instance, shares: Shares): Promise<SolvedRound> {
  const longestMs = longestPathMs(part);
  const start = onQuickest(part);
  const uncertified = { at_ms: null, multipliers: {} };
  if (part.numTasks === 1) return { plan: start, boundMs: longestMs, certified: uncertified };
  const outer = session.prefix;
  session.prefix = `${outer}order: round: `;
  const { plan, bound, certificate } = await runEngine(session, part, {
    ...{ goal: roundGoal(part), settled: [], multipliers: {}, incumbent: start },
    ...{ gap: session.options.gap, isFirstGoal: false, knownBound: longestMs, ...shares },
  });
  session.prefix = outer;
  const certified =
    certificate === null
      ? uncertified
      : { at_ms: "at_ms" in certificate ? certificate.at_ms : null, multipliers: certificate.multipliers };
  return { plan: plan ?? start, boundMs: Math.max(longestMs, bound), certified };
}

/** The same where tasks of the round wait for each other: half of its share goes to the bound without that order. */
async function solveOrderedRound(
  wave: OrderedWave,
  part: Instance,
  ordered: Instance,
  { workShare, timeShare }: Shares,
): Promise<SolvedRound> {
  const { budget, options } = wave.session;
  const maxMoves = SEQUENCING_MOVES_PER_MOVE * Math.ceil((workShare / 2) * budget.movesLeft());
  const outOfTimeMs = budget.remainingMs() - budget.timeFor(timeShare / 2);
  const isOutOfTime = (): boolean => {
    if (budget.remainingMs() >= outOfTimeMs) return false;
    budget.noteClock();
    return true;
  };
  const sequenced = await runInSlices(
    sequenceSteps(
      ordered,
      { pairOf: "any" },
      {
        ...{ seed: options.seed, maxMoves, onPlan: () => undefined },
        shouldStop: () => budget.struckLimit() !== null || isOutOfTime(),
      },
    ),
  );
  budget.spend(sequenced.numMoves / SEQUENCING_MOVES_PER_MOVE);
  const free = await solveRound(wave, part, { workShare: workShare / 2, timeShare: timeShare / 2 });
  return { ...free, plan: sequenced.plan ?? free.plan, boundMs: Math.max(free.boundMs, sequenced.boundMs) };
}

/** Each task alone where it takes least, one after another on a slot. */
function onQuickest({ numTasks, pairStart, pairAgent, busyMs }: Instance): Assignment {
  const agentOf = new Int32Array(numTasks);
  for (let task = 0; task < numTasks; task++) {
    let best = pairStart[task]!;
    for (let pair = best; pair < pairStart[task + 1]!; pair++) if (busyMs[pair]! < busyMs[best]!) best = pair;
    agentOf[task] = pairAgent[best]!;
  }
  return { agentOf, slotOf: new Int32Array(numTasks) };
}

function emptyPlan(numTasks: number): Required<Assignment> {
  const none = new Int32Array(numTasks).fill(DEFERRED);
  return { agentOf: none, slotOf: none.slice(), startMs: new Float64Array(numTasks).fill(NaN) };
}

/** Adds a round from a time on, its tasks at their starts where it has any, else one after another on each slot; the end of the last. */
function appendRound(
  whole: Required<Assignment>,
  part: Instance,
  tasks: readonly number[],
  { agentOf, slotOf, startMs: startInRound }: Assignment,
  fromMs: number,
): number {
  const free = new Map<string, number>();
  let lastMs = fromMs;
  tasks.forEach((task, k) => {
    const [agent, slot] = [agentOf[k]!, slotOf[k]!];
    const key = `${agent} ${slot}`;
    const startMs = startInRound === undefined ? (free.get(key) ?? fromMs) : fromMs + startInRound[k]!;
    const endMs = startMs + part.busyMs[findPair(part, k, agent)!]!;
    free.set(key, endMs);
    lastMs = Math.max(lastMs, endMs);
    [whole.agentOf[task], whole.slotOf[task], whole.startMs[task]] = [agent, slot, startMs];
  });
  return lastMs;
}
