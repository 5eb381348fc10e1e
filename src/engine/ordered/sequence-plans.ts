import { DEFERRED, type Goal, isLinear, isPlaceable, isTimed } from "../../../models/index.js";
import { countOf, roundShown } from "../../domain/index.js";
import { meets } from "../bounds/gap.js";
import { runInSlices } from "../threads/slices.js";
import { rootBoundSteps } from "../sequencing/root-bound.js";
import { deferralLeft } from "./deferral-left.js";
import { findPairs } from "./find-pairs.js";
import { toOrderCertificate } from "./order-certificate.js";
import type { OrderedWave } from "./ordered-wave.js";
import { SEQUENCING_MOVES_PER_MOVE, type SequenceOutcome, sequenceSteps } from "./sequence-steps.js";
import { type Selection, viewSequencing } from "./sequencing-view.js";

/** Share of the moves left for a first goal of times at first and later, for a first plan that keeps all deadlines, and for the makespan after sums. */
const SHARES = { begin: 0.25, first: 0.6, placing: 0.2, after: 0.1 } as const;
/** Before so much time has passed nobody knows how fast moves are. */
const LEAST_ELAPSED_MS = 30;
/** Share of the moves before which their rate says little: the first bound makes none, and a solve that ends so soon owes nothing to the clock. */
const LEAST_DONE = 0.01;
/** Moves of the budget for the shortest schedule of a given assignment, for each task. */
const FIXED_MOVES_PER_TASK = 1_000;

/**
 * All tasks that can be placed, on any pairs: a plan that defers nothing, or the proof that there is none, and a bound on the makespan. Where the
 * first goal is not of times the first such plan is enough.
 */
export function sequenceAll(wave: OrderedWave): Promise<void> {
  return sequenceWhole(wave, wave.isTimedFirst ? SHARES.first : SHARES.placing, null);
}

/** The same for few moves: it proves what is easy. */
export function sequenceBriefly(wave: OrderedWave): Promise<void> {
  return sequenceWhole(wave, SHARES.begin, null);
}

/** The same from the best plan on. */
export function sequenceOn(wave: OrderedWave): Promise<void> {
  const { best, instance, placesAll } = wave;
  const startPairs = best === null || !placesAll ? null : findPairs(instance, best.plan.agentOf);
  return sequenceWhole(wave, SHARES.first, startPairs);
}

async function sequenceWhole(wave: OrderedWave, share: number, startPairs: Int32Array | null): Promise<void> {
  const { instance, isTimedFirst } = wave;
  const options = { isFirstEnough: !isTimedFirst, startPairs };
  const outcome = await sequence(wave, { pairOf: "any" }, "order: sequence", share * wave.movesLeft, options);
  const hasNone = outcome.boundMs === Infinity && instance.deferral.kind === "forbidden";
  // A task without pairs is not among those sequenced.
  const isEveryTaskIn = instance.weight.every((_, task) => isPlaceable(instance, task));
  if (wave.best === null && hasNone && isEveryTaskIn) wave.isInfeasible = true;
  proveMakespan(wave, outcome);
}

/** A bound on the makespan of all plans that defer no more weight than the best one, where that defers some. */
export async function boundWithDeferrals(wave: OrderedWave): Promise<void> {
  const { best, instance, makespanAt, session } = wave;
  const since = session.context.clock();
  if (best === null || instance.deferral.kind === "priced") return;
  const view = viewSequencing(instance, { pairOf: "any" });
  const deferral = deferralLeft(instance, view, best.plan);
  const shouldStop = (): boolean => session.budget.struckLimit() !== null;
  const root = await runInSlices(rootBoundSteps(view.problem, { deferral, shouldStop }));
  const certificate = toOrderCertificate(instance, view, root.certificate, deferral);
  if (certificate !== null) wave.prove(makespanAt, certificate.bound, best.values, "bound", certificate);
  wave.record("order: bound", "of plans that may defer as much", since);
}

/** The shortest of all plans that keep the values of the goals before the makespan, where these are sums. */
export function sequenceSettled(wave: OrderedWave): Promise<void> {
  return sequenceEqual(wave, SHARES.after);
}

/** The same where the makespan is the first goal and some tasks are left out: those that are placed, on any pairs. */
export function sequencePlaced(wave: OrderedWave): Promise<void> {
  return sequenceEqual(wave, SHARES.first);
}

async function sequenceEqual(wave: OrderedWave, share: number): Promise<void> {
  const { best, makespanAt, goals, instance } = wave;
  if (best === null || makespanAt < 0 || wave.isProven(makespanAt)) return;
  const before = goals.slice(0, makespanAt);
  const sums = before.filter(({ name }) => name !== "deferral");
  if (!sums.every((goal) => isLinear(goal) && !isTimed(goal))) return;
  const rows = sums.map((goal) => rowOf(goal, best.values[goals.indexOf(goal)]!));
  const isSelected = (task: number): boolean => best.plan.agentOf[task] !== DEFERRED;
  const startPairs = findPairs(instance, best.plan.agentOf);
  const moves = share * wave.movesLeft;
  const outcome = await sequence(wave, { pairOf: "any", isSelected, rows }, "order: equal plans", moves, {
    startPairs,
  });
  proveMakespan(wave, outcome);
}

/** The shortest schedule of the best plan's assignment. */
export async function sequenceBest(wave: OrderedWave): Promise<void> {
  const { best, makespanAt } = wave;
  if (best === null || makespanAt < 0 || wave.isProven(makespanAt)) return;
  const pairOf = findPairs(wave.instance, best.plan.agentOf);
  const isKnown = wave.lastSequenced?.every((pair, task) => pair === pairOf[task]) ?? false;
  if (!isKnown) await sequenceSelection(wave, { pairOf }, "order: shorten");
}

/** The shortest schedule of a selection; whether one was found that keeps every row. */
export async function sequenceSelection(wave: OrderedWave, selection: Selection, stage: string): Promise<boolean> {
  const moves = Math.min(wave.movesLeft, FIXED_MOVES_PER_TASK * wave.instance.numTasks);
  const { plan } = await sequence(wave, selection, stage, moves);
  if (selection.pairOf !== "any") wave.lastSequenced = selection.pairOf;
  return plan !== null && wave.keepsRows(plan);
}

/** Sequences a selection for so many moves at most, and offers each better schedule to the wave. */
export async function sequence(
  wave: OrderedWave,
  selection: Selection,
  stage: string,
  moves: number,
  { startPairs = null, isFirstEnough = false }: { startPairs?: Int32Array | null; isFirstEnough?: boolean } = {},
): Promise<SequenceOutcome> {
  const { session, instance } = wave;
  const { budget } = session;
  const since = session.context.clock();
  session.report("stage", stage);
  let isEnough = false;
  const maxMoves = SEQUENCING_MOVES_PER_MOVE * Math.ceil(budget.effort * moves);
  const outcome = await runInSlices(
    sequenceSteps(instance, selection, {
      ...{ seed: session.options.seed, startPairs, maxMoves, needsFirst: wave.best === null },
      movesLeft: (numMoves) => movesLeft(wave, numMoves, maxMoves - numMoves, session.context.clock() - since),
      shouldStop: () => budget.struckLimit() !== null || isEnough,
      onPlan: (found) => {
        wave.offer(found, stage);
        isEnough = isFirstEnough || wave.isSettled(false) || wave.reachesGap;
      },
    }),
  );
  budget.spend(outcome.numMoves / SEQUENCING_MOVES_PER_MOVE);
  const { plan, boundMs, numMoves } = outcome;
  const end = plan === null ? "no schedule" : `bound ${roundShown(boundMs)} ms`;
  wave.record(stage, `${countOf(Math.round(numMoves), "move")}, ${end}`, since);
  return outcome;
}

/** Moves to reckon with: those that are left, or fewer where the clock will strike before. */
function movesLeft({ session }: OrderedWave, numMoves: number, left: number, elapsedMs: number): number {
  const { budget } = session;
  const isEarly = elapsedMs < LEAST_ELAPSED_MS || numMoves < LEAST_DONE * (numMoves + left);
  if (budget.isWorkLimited || isEarly) return Math.max(0, left);
  const affordable = (numMoves / elapsedMs) * budget.remainingMs();
  if (affordable >= left) return Math.max(0, left);
  budget.noteClock();
  return affordable;
}

/**
 * A bound on the makespan of all plans that place the selected tasks holds for every plan that could be better where the best one
 * defers nothing, and deferring more is not paid for.
 */
function proveMakespan(wave: OrderedWave, { boundMs, boundBy, certificate }: SequenceOutcome): void {
  const { best, makespanAt, instance } = wave;
  if (best === null || makespanAt < 0 || !Number.isFinite(boundMs)) return;
  if (!wave.placesAll || instance.deferral.kind === "priced") return;
  if (certificate !== null) wave.prove(makespanAt, certificate.bound, best.values, "bound", certificate);
  if (certificate === null || !meets(boundMs, certificate.bound)) {
    wave.prove(makespanAt, boundMs, best.values, boundBy);
  }
}

/** The goal's sum over pairs, minimised, at most at its value. */
export function rowOf(
  { perPair, sense }: Goal,
  value: number,
): { readonly value: Float64Array; readonly limit: number } {
  const sign = sense === "min" ? 1 : -1;
  return { value: perPair!.map((one) => sign * one), limit: sign * value };
}
