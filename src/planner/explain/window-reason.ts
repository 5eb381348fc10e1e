import { type FullProblem, nameSome } from "../../domain/index.js";
import { NO_TASK, type TaskWindows } from "../instance/task-windows.js";

/** Most tasks of a path that a reason names. */
const MAX_NAMED = 5;

/**
 * Why a task can end in time on no agent, whatever else is planned: what comes before it, and what it must leave time for. An
 * example: `t2 cannot end before 10 ms: t1 needs 5 ms before it; its deadline is 8 ms`.
 */
export function windowReason(problem: FullProblem, windows: TaskWindows, task: number): string {
  const { taskId } = problem.tasks[task]!;
  const endMs = windows.endMs[task]!;
  const before = whatComesBefore(problem, windows, task);
  if (endMs === Infinity) {
    const from = windows.headMs[task] === 0 ? "" : ` from ${show(windows.headMs[task]!)} on`;
    const cause = before === "" ? "" : ` (${before})`;
    return `no eligible agent is there for long enough${from}${cause}`;
  }
  const cause = before === "" ? "" : `: ${before}`;
  return `${taskId} cannot end before ${show(endMs)}${cause}; ${whatEndsIt(problem, windows, task)}`;
}

/** Why no plan can place a task that some agent may take: it is held back, waits for a task that never runs, or is too late. */
export function nowhereReason(problem: FullProblem, windows: TaskWindows, index: number): string {
  const { dependsOn } = problem.tasks[index]!;
  const indexOf = new Map(problem.tasks.map(({ taskId }, at) => [taskId, at]));
  const waitsFor = dependsOn.filter((id) => windows.cannotRun[indexOf.get(id) ?? -1] === 1);
  const before = waitsFor.length === 0 ? null : `waits for ${waitsFor.join(", ")}, which no plan can place`;
  return blockedReason(problem, index) ?? before ?? windowReason(problem, windows, index);
}

/** Why a task may not run at all, whoever takes it; null where nothing outside the wave keeps it back. */
export function blockedReason({ tasks, earlierTasks }: FullProblem, index: number): string | null {
  const { held, dependsOn } = tasks[index]!;
  if (held !== null) return `held back: ${held}`;
  const withdrawn = dependsOn.filter((before) => earlierTasks[before] === "withdrawn");
  if (withdrawn.length > 0)
    return `waits for ${withdrawn.join(", ")}, which ${withdrawn.length === 1 ? "was" : "were"} withdrawn`;
  const unfinished = dependsOn.filter((before) => earlierTasks[before] === "unfinished");
  if (unfinished.length === 0) return null;
  // Of an earlier wave, or of this one and left out of its plan, such as by a gate: the document does not say which.
  return `waits for ${unfinished.join(", ")}, not finished and not in this plan`;
}

/** Tasks that a window's reason rests on, by index, the task itself among them. */
export function tasksOfWindow(windows: TaskWindows, task: number): number[] {
  return [...pathOf(windows.headFrom, task), task, ...pathOf(windows.latestFrom, task)];
}

function whatComesBefore(problem: FullProblem, windows: TaskWindows, task: number): string {
  const path = pathOf(windows.headFrom, task).reverse();
  const headMs = windows.headMs[task]!;
  if (path.length === 0) return headMs === 0 ? "" : `it is released at ${show(headMs)}`;
  const names = nameTasks(problem, path);
  const [first] = path;
  const isFromZero = windows.headMs[first!] === 0;
  return isFromZero
    ? `${names} ${path.length === 1 ? "needs" : "need"} ${show(headMs)} before it`
    : `${names} before it ${path.length === 1 ? "ends" : "end"} at ${show(headMs)} at the earliest`;
}

function whatEndsIt(problem: FullProblem, windows: TaskWindows, task: number): string {
  const path = pathOf(windows.latestFrom, task);
  const last = path.at(-1);
  if (last === undefined) return `its deadline is ${show(windows.latestMs[task]!)}`;
  const afterMs = windows.latestMs[last]! - windows.latestMs[task]!;
  const { taskId } = problem.tasks[last]!;
  return `${nameTasks(problem, path)} ${path.length === 1 ? "needs" : "need"} ${show(afterMs)} after it, and the deadline of ${taskId} is ${show(windows.latestMs[last]!)}`;
}

/** The tasks reached from one by following the links, nearest first. */
function pathOf(links: Int32Array, task: number): number[] {
  const path: number[] = [];
  for (let next = links[task]!; next !== NO_TASK; next = links[next]!) path.push(next);
  return path;
}

function nameTasks(problem: FullProblem, tasks: readonly number[]): string {
  const ids = tasks.map((task) => problem.tasks[task]!.taskId);
  return nameSome(ids, MAX_NAMED);
}

function show(ms: number): string {
  return `${Math.round(ms * 1000) / 1000} ms`;
}
