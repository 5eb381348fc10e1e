import type { Assignment, Instance } from "../../../models/index.js";
import { Sequencer } from "../sequencing/sequencer.js";
import { type Selection, startOf, toAssignment, viewSequencing } from "./sequencing-view.js";

/** Moves of a sequencing between two yields. */
const SLICE_MOVES = 1_000;

/** Moves made for a first schedule, whatever the clock says. */
const MOVES_FOR_FIRST = 50_000;

export interface SequenceOptions {
  readonly seed: number;
  readonly maxMoves: number;
  readonly shouldStop: () => boolean;
  /** Pair of each task of a plan to begin at. Default: none. */
  readonly startPairs?: Int32Array | null;
  /** Gets each schedule that ends earlier than all before it. On given slots it may break limits. */
  readonly onPlan: (plan: Assignment) => void;
}

export interface SequenceOutcome {
  readonly plan: Assignment | null;
  /** No schedule of the selection ends earlier; Infinity where none keeps its deadlines. */
  readonly boundMs: number;
  /** What the bound rests on. */
  readonly boundBy: "search" | "bound";
  readonly numMoves: number;
}

/** Sequences what is selected of an instance, until the schedule is proven shortest, the moves are made, or it is stopped. */
export function* sequenceSteps(
  instance: Instance,
  selection: Selection,
  { seed, maxMoves, shouldStop, onPlan, startPairs = null }: SequenceOptions,
): Generator<void, SequenceOutcome> {
  const view = viewSequencing(instance, selection);
  const listener = {
    onPlan: (found: Parameters<typeof toAssignment>[2]) => onPlan(toAssignment(instance, view, found)),
  };
  const start = startPairs === null ? null : startOf(view, startPairs);
  const sequencer = new Sequencer(view.problem, { seed, listener, ...(start === null ? {} : { start }) });
  const isFirstDue = (): boolean => sequencer.record.plan === null && sequencer.numMoves < MOVES_FOR_FIRST;
  // A first schedule in any case.
  do {
    sequencer.advance(Math.max(1, Math.min(SLICE_MOVES, maxMoves - sequencer.numMoves)));
    yield;
  } while (!sequencer.isOver && sequencer.numMoves < maxMoves && (isFirstDue() || !shouldStop()));
  const { plan, boundMs, certificate } = sequencer.record;
  return {
    plan: plan === null ? null : toAssignment(instance, view, plan),
    boundMs,
    boundBy: certificate.kind === "search" ? "search" : "bound",
    numMoves: sequencer.numMoves,
  };
}
