import { buildSequencingProblem, type SequencingProblem } from "./sequencing-problem.js";
import type { SequencedPlan } from "./sequenced-plan.js";

/** Some tasks of a plan set free, and what the others leave them. Agents have one slot each, and tasks no deadlines of their own. */
export interface FreedTasks {
  /** The tasks set free alone: others are in their releases, their deadlines and the times from which agents are free. */
  readonly problem: SequencingProblem;
  /** Tasks of the plan, by index in `problem`. */
  readonly tasks: Int32Array;
  /** When each agent is to be free again. */
  readonly freeUntilMs: Float64Array;
}

/**
 * Sets tasks of a plan free that follow each other in order of starts. Those before them keep their times, those behind them their agents and sequences,
 * and every one of these starts by the latest time with which the plan still ends by `latestEndMs`: so the plan does that if the freed tasks can be scheduled
 * within what they are left. Null where what is kept is too long by itself.
 *
 * @param plan pairs and starts; its agents have one slot each
 * @param byStart all tasks in order of their starts, each behind those it waits for
 */
export function freeTasks(
  whole: SequencingProblem,
  { pairOf, startMs }: Pick<SequencedPlan, "pairOf" | "startMs">,
  byStart: Int32Array,
  [from, to]: readonly [number, number],
  latestEndMs: number,
): FreedTasks | null {
  const { numTasks, numAgents, pairStart, pairAgent, busyMs, releaseMs } = whole;
  const { predecessorStart, predecessors, successorStart, successors } = whole;
  const freeFromMs = whole.availableFromMs.slice();
  const freeUntilMs = new Float64Array(numAgents).fill(latestEndMs);
  /** When tasks before the freed ones end, and by when those behind them are to start. */
  const endMs = new Float64Array(numTasks);
  const latestStart = new Float64Array(numTasks).fill(latestEndMs);
  for (const task of byStart.subarray(0, from)) {
    endMs[task] = startMs[task]! + busyMs[pairOf[task]!]!;
    const agent = pairAgent[pairOf[task]!]!;
    freeFromMs[agent] = Math.max(freeFromMs[agent]!, endMs[task]!);
  }
  const readyAt = (task: number): number => {
    let ready = releaseMs[task]!;
    for (let k = predecessorStart[task]!; k < predecessorStart[task + 1]!; k++)
      ready = Math.max(ready, endMs[predecessors[k]!]!);
    return ready;
  };
  const dueAt = (task: number): number => {
    let due = latestEndMs;
    for (let k = successorStart[task]!; k < successorStart[task + 1]!; k++)
      due = Math.min(due, latestStart[successors[k]!]!);
    return due;
  };
  for (let place = numTasks - 1; place >= to; place--) {
    const task = byStart[place]!;
    const agent = pairAgent[pairOf[task]!]!;
    latestStart[task] = Math.min(dueAt(task), freeUntilMs[agent]!) - busyMs[pairOf[task]!]!;
    if (readyAt(task) > latestStart[task]!) return null;
    freeUntilMs[agent] = latestStart[task]!;
  }
  if (freeUntilMs.some((until, agent) => freeFromMs[agent]! > until)) return null;
  const tasks = byStart.slice(from, to);
  const indexOf = new Map(Array.from(tasks, (task, index) => [task, index]));
  const starts = [0];
  const [agents, times]: [number[], number[]] = [[], []];
  const dependencies: [number, number][] = [];
  for (const [index, task] of tasks.entries()) {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      agents.push(pairAgent[pair]!);
      times.push(busyMs[pair]!);
    }
    starts.push(agents.length);
    for (let k = predecessorStart[task]!; k < predecessorStart[task + 1]!; k++) {
      const before = indexOf.get(predecessors[k]!);
      if (before !== undefined) dependencies.push([before, index]);
    }
  }
  const problem = buildSequencingProblem({
    ...{ numTasks: tasks.length, numAgents, pairStart: starts, pairAgent: agents, busyMs: times, dependencies },
    agentSlots: new Int32Array(numAgents).fill(1),
    availableFromMs: freeFromMs,
    releaseMs: Float64Array.from(tasks, readyAt),
    deadlineMs: Float64Array.from(tasks, dueAt),
  });
  return { problem, tasks, freeUntilMs };
}
