/** The door of the engine: numbers in, plan and proof out. */
export { evaluateCertificate } from "./bounds/certificate.js";
export { leastScale, meets, noBound, relativeGap } from "./bounds/gap.js";
export { type GeneralizedAssignment, pairOf } from "./bounds/generalized-assignment.js";
export { isFullPlanNear, searchFullPlan } from "./branch/full-plan.js";
export { SHARES } from "./budget/budget.js";
export { aloneBound } from "./bounds/goal-bound.js";
export { evaluateMakespanPrices } from "./bounds/makespan-prices.js";
export type { ChainOutcome, SettledStep } from "./goals/chain-outcome.js";
export { runChain } from "./wave/run-chain.js";
export { type HeldGoal, settleTrade } from "./wave/settle-trade.js";
export { runMix } from "./wave/run-mix.js";
export { costOfLoadLimit, LEAST_LIMIT_COST, type LimitCost } from "./goals/limit-cost.js";
export { inTurn } from "./goals/in-turn.js";
export { round, Session, type SolveContext } from "./goals/session.js";
export type { ProgressEvent } from "./goals/solve-progress.js";
export { closeSolvers, prewarm } from "./goals/threads.js";
export { evaluateTimedCertificate } from "./ordered/evaluate-timed-certificate.js";
export { findOrderedPlan } from "./ordered/find-plan.js";
export { planByHeft, planByTails } from "./ordered/list-schedules.js";
export { restartPlan } from "./ordered/restart.js";
export { withPlan } from "./goals/other-plan.js";
export { nearerPlan, planNear, stayNear, type StayWish } from "./wave/stay-near.js";
export { WaveTimeline } from "./ordered/wave-timeline.js";
export { placeMost } from "./wave/place-most.js";
export { plansInHand } from "./wave/plans-in-hand.js";
export { placeUrgentFirst } from "./wave/place-urgent-first.js";
export { dependenciesFirst, leastBusyFeasibleSlot } from "./search/construct.js";
export { type AppliedLimits, applyLoadLimit, DEFAULT_LOAD_FACTOR, loadLimitSteps } from "./wave/load-limit.js";
export { PlanState } from "./search/plan-state.js";
export { searchPlan, searchSteps } from "./search/search.js";
export { IntHeap } from "./sequencing/int-heap.js";
export { packSlots } from "./sequencing/pack-slots.js";
export { orderSlotSteps } from "./sequencing/slot-order.js";
export { monotonicNowMs } from "./threads/clock.js";
export { breathe, runInSlices } from "./threads/slices.js";
export { findEntry, type WorkerMessage, WorkerPool } from "./threads/worker-pool.js";
export { sortSteps } from "./threads/sort-steps.js";
export type { AssignmentLimits, LimitRow } from "./sequencing/assignment-limits.js";
export { certifiedBound } from "./sequencing/check-bound-certificate.js";
export { checkSequencedPlan, type PlanViolation } from "./sequencing/check-sequenced-plan.js";
export {
  type Absences,
  buildSequencingProblem,
  type Pools,
  type SequencingArrays,
  type SequencingProblem,
} from "./sequencing/sequencing-problem.js";
export type { GivenStart } from "./sequencing/given-start.js";
export { Sequencer, type SequencerOptions } from "./sequencing/sequencer.js";
