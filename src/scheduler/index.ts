export {
  AdaptiveScheduler,
  type AdjustedSchedule,
  type ScheduleExecution,
  type SchedulerOptions,
} from "./adaptive-scheduler.js";
export { adheres, type ScheduleAdherence, scheduleAdherence } from "./adherence.js";
export { createFailurePolicy, type FailurePolicyOptions, REASSIGNMENT_MARGIN } from "./failure-policy.js";
export { applyGate, type GateOptions, type GateTask } from "./gate.js";
export { optimizeTaskOrdering } from "./ordering.js";
export { buildPlannedTasks, planSchedule } from "./planned-tasks.js";
export { PRIORITY_STRATEGIES, type PrioritizedTask, prioritizeTasks, type PriorityStrategy } from "./prioritize.js";
export { DEFAULT_MOVE_PRICE, rebalance, type Rebalanced, type RebalanceOptions, type TaskMove } from "./rebalance.js";
export { attemptRow, plannedRow, type RowContext, scheduledRow } from "./rows.js";
