export { type ScheduleAdherence, scheduleAdherence } from "./adherence.js";
export { createFailurePolicy, type FailurePolicyOptions, REASSIGNMENT_MARGIN } from "./failure-policy.js";
export { applyGate, type GateOptions, type GateTask } from "./gate.js";
export { buildPlannedTasks } from "./planned-tasks.js";
export { PRIORITY_STRATEGIES, type PrioritizedTask, prioritizeTasks, type PriorityStrategy } from "./prioritize.js";
export { attemptRow, plannedRow, type RowContext, scheduledRow } from "./rows.js";
