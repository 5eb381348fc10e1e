import type { SequencedPlan } from "./sequenced-plan.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** Differences up to this share of the makespan (and of 1) are rounding. */
const TOLERANCE = 1e-9;

/** A rule that a schedule breaks, with the tasks concerned and what is wrong in words. */
export interface PlanViolation {
  /** The rule that is broken. */
  readonly rule:
    | "eligibility"
    | "slot"
    | "release"
    | "deadline"
    | "dependency"
    | "overlap"
    | "availability"
    | "absence"
    | "pool"
    | "load"
    | "max_tasks"
    | "limit"
    | "makespan";
  /** The tasks that break it. */
  readonly tasks: readonly number[];
  /** What is broken, with the numbers, in one sentence. */
  readonly text: string;
}

/** Checks a schedule from the problem's arrays alone; no search code is used. O(tasks · log tasks + dependencies + absences + uses). */
export function checkSequencedPlan(problem: SequencingProblem, plan: SequencedPlan): PlanViolation[] {
  const violations: PlanViolation[] = [];
  const report = (rule: PlanViolation["rule"], tasks: number[], text: string): void => {
    violations.push({ rule, tasks, text });
  };
  const tolerance = TOLERANCE * Math.max(1, plan.makespanMs);
  const { numTasks, pairStart, pairAgent, busyMs, slotStart, availableFromMs, releaseMs, deadlineMs } = problem;
  const start = (task: number): number => plan.startMs[task]!;
  const end = (task: number): number => plan.startMs[task]! + busyMs[plan.pairOf[task]!]!;
  let last = 0;
  for (let task = 0; task < numTasks; task++) {
    const pair = plan.pairOf[task]!;
    if (!(pair >= pairStart[task]! && pair < pairStart[task + 1]!)) {
      report("eligibility", [task], `pair ${pair} is not one of task ${task}`);
      continue;
    }
    const agent = pairAgent[pair]!;
    const slot = plan.slotOf[task]!;
    if (!(slot >= slotStart[agent]! && slot < slotStart[agent + 1]!)) {
      report("slot", [task], `slot ${slot} is not one of agent ${agent}`);
    }
    const earliest = Math.max(releaseMs[task]!, availableFromMs[agent]!);
    if (!(start(task) >= earliest - tolerance))
      report("release", [task], `starts at ${start(task)}, before ${earliest}`);
    if (end(task) > deadlineMs[task]! + tolerance) report("deadline", [task], `ends after ${deadlineMs[task]}`);
    last = Math.max(last, end(task));
    for (let k = problem.predecessorStart[task]!; k < problem.predecessorStart[task + 1]!; k++) {
      const before = problem.predecessors[k]!;
      if (end(before) > start(task) + tolerance)
        report("dependency", [before, task], `${task} starts before ${before} ends`);
    }
  }
  const bySlot = Array.from({ length: numTasks }, (_, task) => task);
  bySlot.sort((a, b) => plan.slotOf[a]! - plan.slotOf[b]! || start(a) - start(b) || end(a) - end(b));
  bySlot.forEach((task, k) => {
    const before = k > 0 ? bySlot[k - 1]! : -1;
    if (before < 0 || plan.slotOf[before] !== plan.slotOf[task]) return;
    if (end(before) > start(task) + tolerance)
      report("overlap", [before, task], `both run on slot ${plan.slotOf[task]}`);
  });
  if (Math.abs(last - plan.makespanMs) > tolerance) report("makespan", [], `the last task ends at ${last}`);
  checkAbsences(problem, plan, tolerance, report);
  checkPools(problem, plan, tolerance, report);
  checkLimits(problem, plan, report);
  return violations;
}

type Report = (rule: PlanViolation["rule"], tasks: number[], text: string) => void;

function checkAbsences(problem: SequencingProblem, plan: SequencedPlan, tolerance: number, report: Report): void {
  const { absences, numTasks, pairAgent, busyMs } = problem;
  if (absences === null) return;
  for (let task = 0; task < numTasks; task++) {
    const agent = pairAgent[plan.pairOf[task]!]!;
    const start = plan.startMs[task]!;
    const end = start + busyMs[plan.pairOf[task]!]!;
    if (end > absences.availableUntilMs[agent]! + tolerance) report("availability", [task], `agent ${agent} has left`);
    for (let k = absences.intervalStart[agent]!; k < absences.intervalStart[agent + 1]!; k++) {
      const overlap = Math.min(end, absences.toMs[k]!) - Math.max(start, absences.fromMs[k]!);
      if (overlap > tolerance) report("absence", [task], `agent ${agent} is away from ${absences.fromMs[k]}`);
    }
  }
}

/** At the start of each task that uses a pool, the running tasks together keep its limit. */
function checkPools(problem: SequencingProblem, plan: SequencedPlan, tolerance: number, report: Report): void {
  const { pools, numTasks, busyMs } = problem;
  if (pools === null) return;
  for (let pool = 0; pool < pools.limit.length; pool++) {
    const events: { readonly at: number; readonly change: number; readonly task: number }[] = [];
    for (let task = 0; task < numTasks; task++) {
      for (let k = pools.useStart[task]!; k < pools.useStart[task + 1]!; k++) {
        const busy = busyMs[plan.pairOf[task]!]!;
        if (pools.usePool[k] !== pool || busy <= 2 * tolerance) continue;
        const amount = pools.useAmount[k]!;
        events.push({ at: plan.startMs[task]! + tolerance, change: amount, task });
        events.push({ at: plan.startMs[task]! + busy - tolerance, change: -amount, task });
      }
    }
    events.sort((a, b) => a.at - b.at || a.change - b.change);
    let inUse = 0;
    for (const { change, task } of events) {
      inUse += change;
      if (change > 0 && inUse > pools.limit[pool]! * (1 + TOLERANCE) + TOLERANCE) {
        report("pool", [task], `pool ${pool} is used beyond ${pools.limit[pool]}`);
      }
    }
  }
}

function checkLimits(problem: SequencingProblem, plan: SequencedPlan, report: Report): void {
  const { limits, numTasks, numSlots, numAgents, slotAgent, pairAgent, busyMs } = problem;
  if (limits === null) return;
  const load = new Float64Array(numSlots);
  const count = new Int32Array(numAgents);
  for (let task = 0; task < numTasks; task++) {
    load[plan.slotOf[task]!]! += busyMs[plan.pairOf[task]!]!;
    count[pairAgent[plan.pairOf[task]!]!]! += 1;
  }
  const exceeds = (used: number, limit: number): boolean => used > limit + TOLERANCE * Math.max(1, Math.abs(limit));
  load.forEach((used, slot) => {
    const limit = limits.slotLoadMs[slotAgent[slot]!]!;
    if (exceeds(used, limit)) report("load", [], `slot ${slot} is busy for ${used}, more than ${limit}`);
  });
  count.forEach((used, agent) => {
    const limit = limits.maxTasks[agent]!;
    if (used > limit) report("max_tasks", [], `agent ${agent} has ${used} tasks, more than ${limit}`);
  });
  limits.rows.forEach(({ value, limit }, row) => {
    const used = plan.pairOf.reduce((sum, pair) => sum + value[pair]!, 0);
    if (exceeds(used, limit)) report("limit", [], `row ${row} adds up to ${used}, more than ${limit}`);
  });
}
