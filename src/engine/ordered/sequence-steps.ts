import type { Assignment, Instance } from "../../../models/index.js";
import { Sequencer } from "../sequencing/sequencer.js";
import { type Selection, toAssignment, viewSequencing } from "./sequencing-view.js";

/** Moves of a sequencing between two yields. */
const SLICE_MOVES = 50_000;

export interface SequenceOptions {
  readonly seed: number;
  readonly maxMoves: number;
  readonly shouldStop: () => boolean;
  /** Gets each schedule that ends earlier than all before it. It may break load limits, counts and the budget. */
  readonly onPlan: (plan: Assignment) => void;
}

export interface SequenceOutcome {
  readonly plan: Assignment | null;
  /** No schedule of the selection ends earlier; Infinity where none keeps its deadlines. */
  readonly boundMs: number;
  readonly numMoves: number;
}

/** Sequences what is selected of an instance, until the schedule is proven shortest, the moves are made, or it is stopped. */
export function* sequenceSteps(
  instance: Instance,
  selection: Selection,
  { seed, maxMoves, shouldStop, onPlan }: SequenceOptions,
): Generator<void, SequenceOutcome> {
  const view = viewSequencing(instance, selection);
  const listener = {
    onPlan: (found: Parameters<typeof toAssignment>[2]) => onPlan(toAssignment(instance, view, found)),
  };
  const sequencer = new Sequencer(view.problem, { seed, listener });
  while (!sequencer.isOver && sequencer.numMoves < maxMoves && !shouldStop()) {
    sequencer.advance(Math.min(SLICE_MOVES, maxMoves - sequencer.numMoves));
    yield;
  }
  const { plan, boundMs } = sequencer.record;
  return {
    plan: plan === null ? null : toAssignment(instance, view, plan),
    boundMs,
    numMoves: sequencer.numMoves,
  };
}
