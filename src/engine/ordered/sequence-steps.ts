import type { Assignment, Instance } from "../../../models/index.js";
import type { SequencingCertificate } from "../../domain/index.js";
import { Sequencer } from "../sequencing/sequencer.js";
import { toOrderCertificate } from "./order-certificate.js";
import { type Selection, startOf, toAssignment, viewSequencing } from "./sequencing-view.js";

/** Moves of a sequencing that are one move of the budget. */
export const SEQUENCING_MOVES_PER_MOVE = 12;

/** Moves of a sequencing between two yields. */
const SLICE_MOVES = 1_000;

/** Moves made for a first schedule, whatever the clock says. */
const MOVES_FOR_FIRST = 50_000;

export interface SequenceOptions {
  readonly seed: number;
  readonly maxMoves: number;
  readonly shouldStop: () => boolean;
  /** Whether some moves are made for a first schedule, whatever the clock says. Default: true. */
  readonly needsFirst?: boolean;
  /** Moves still to be made after so many, as far as the caller knows. Default: what `maxMoves` leaves. */
  readonly movesLeft?: (numMoves: number) => number;
  /** Pair of each task of a plan to begin at. Default: none. */
  readonly startPairs?: Int32Array | null;
  /** Share of the usual effort on the first bound. Default: 1. */
  readonly boundEffort?: number;
  /** Gets each schedule that ends earlier than all before it. On given slots it may break limits. */
  readonly onPlan: (plan: Assignment) => void;
}

export interface SequenceOutcome {
  readonly plan: Assignment | null;
  /** No schedule of the selection ends earlier; Infinity where none keeps its deadlines. */
  readonly boundMs: number;
  /** The best proof of a bound on the schedules of all tasks on any pairs that needs no search; null where there is none, or tasks or pairs are given. */
  readonly certificate: SequencingCertificate | null;
  /** What the bound rests on. */
  readonly boundBy: "search" | "bound";
  readonly numMoves: number;
}

/** Sequences what is selected of an instance, until the schedule is proven shortest, the moves are made, or it is stopped. */
export function* sequenceSteps(
  instance: Instance,
  selection: Selection,
  { seed, maxMoves, shouldStop, onPlan, startPairs = null, movesLeft, needsFirst = true, boundEffort }: SequenceOptions,
): Generator<void, SequenceOutcome> {
  const view = viewSequencing(instance, selection);
  const listener = {
    onPlan: (found: Parameters<typeof toAssignment>[2]) => onPlan(toAssignment(instance, view, found)),
  };
  const start = startPairs === null ? null : startOf(view, startPairs);
  const sequencer = new Sequencer(view.problem, {
    ...{ seed, listener, movesLeft: movesLeft ?? ((numMoves: number) => Math.max(0, maxMoves - numMoves)) },
    ...{ shouldStop, ...(start !== null && { start }), ...(boundEffort !== undefined && { boundEffort }) },
  });
  const isFirstDue = (): boolean =>
    needsFirst && sequencer.record.plan === null && sequencer.numMoves < MOVES_FOR_FIRST;
  do {
    sequencer.advance(Math.max(1, Math.min(SLICE_MOVES, maxMoves - sequencer.numMoves)));
    yield;
  } while (!sequencer.isOver && sequencer.numMoves < maxMoves && (isFirstDue() || !shouldStop()));
  const { plan, boundMs, certificate, checkable } = sequencer.record;
  const isWhole = selection.pairOf === "any" && selection.isSelected === undefined;
  return {
    plan: plan === null ? null : toAssignment(instance, view, plan),
    boundMs,
    boundBy: certificate.kind === "search" ? "search" : "bound",
    certificate: isWhole ? toOrderCertificate(instance, view, checkable) : null,
    numMoves: sequencer.numMoves,
  };
}
