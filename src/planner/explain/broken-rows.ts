import { type Assignment, DEFERRED, findPair, type Instance, isWithin, label } from "../../../models/index.js";

/** Busy time of a slot that is due by each deadline of its tasks, deadlines ascending. */
interface DueLoads {
  readonly deadlineMs: number[];
  readonly dueMs: number[];
}

/**
 * What one more task would break: the rows of a feasible plan, summed up once, so that each question only
 * looks at the deadlines of the slots it asks about.
 */
export class BrokenRows {
  readonly #busyMs: Float64Array[];
  readonly #due: DueLoads[][];
  readonly #count: Int32Array;
  #cost = 0;

  /** O(tasks · log tasks). */
  constructor(
    private readonly instance: Instance,
    plan: Assignment,
  ) {
    const { numAgents, slots, deadlineMs } = instance;
    this.#busyMs = Array.from(slots, (count) => new Float64Array(count));
    this.#due = Array.from(slots, (count) => Array.from({ length: count }, () => ({ deadlineMs: [], dueMs: [] })));
    this.#count = new Int32Array(numAgents);
    const byDeadline = Array.from(deadlineMs.keys()).sort((a, b) => (deadlineMs[a]! < deadlineMs[b]! ? -1 : 1));
    for (const task of byDeadline) if (plan.agentOf[task] !== DEFERRED) this.#add(task, plan);
  }

  #add(task: number, { agentOf, slotOf }: Assignment): void {
    const { instance } = this;
    const [agent, slot, deadline] = [agentOf[task]!, slotOf[task]!, instance.deadlineMs[task]!];
    const pair = findPair(instance, task, agent)!;
    this.#count[agent]! += 1;
    this.#cost += instance.cost[pair]!;
    this.#busyMs[agent]![slot]! += instance.busyMs[pair]!;
    if (deadline === Infinity) return;
    const due = this.#due[agent]![slot]!;
    const sum = (due.dueMs.at(-1) ?? 0) + instance.busyMs[pair]!;
    if (due.deadlineMs.at(-1) === deadline) due.dueMs[due.dueMs.length - 1] = sum;
    else {
      due.deadlineMs.push(deadline);
      due.dueMs.push(sum);
    }
  }

  /** Rows that break, whichever eligible agent and slot takes the task; empty where some place is free. */
  byPlacing(task: number): string[] {
    const { instance } = this;
    const broken = new Set<string>();
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      const agent = instance.pairAgent[pair]!;
      for (let slot = 0; slot < instance.slots[agent]!; slot++) {
        const rows = this.#rowsOf(pair, agent, slot);
        if (rows.length === 0) return [];
        for (const row of rows) broken.add(row);
      }
    }
    return [...broken];
  }

  /** Rows that break where a task is placed on one agent; empty where some slot of it is free, or where it is not eligible. */
  byPlacingOn(task: number, agent: number): string[] {
    const pair = findPair(this.instance, task, agent);
    if (pair === undefined) return [];
    const slots = Array.from({ length: this.instance.slots[agent]! }, (_, slot) => this.#rowsOf(pair, agent, slot));
    return slots.some((rows) => rows.length === 0) ? [] : [...new Set(slots.flat())];
  }

  #rowsOf(pair: number, agent: number, slot: number): string[] {
    const { instance } = this;
    const [agentId, busy] = [instance.agentIds[agent]!, instance.busyMs[pair]!];
    const rows: string[] = [];
    if (!isWithin(this.#busyMs[agent]![slot]! + busy, instance.loadLimitMs[agent]!)) {
      rows.push(instance.slots[agent]! > 1 ? label("load", agentId, slot) : label("load", agentId));
    }
    if (this.#count[agent]! + 1 > instance.maxTasks[agent]!) rows.push(label("count", agentId));
    if (!isWithin(this.#cost + instance.cost[pair]!, instance.budget)) rows.push("budget");
    for (const deadline of this.#lateDeadlines(pair, agent, slot)) {
      rows.push(label("deadline", agentId, slot, deadline));
    }
    return rows;
  }

  /** Deadlines, from that of the task on, that the slot would miss. */
  #lateDeadlines(pair: number, agent: number, slot: number): number[] {
    const { instance } = this;
    const own = instance.deadlineMs[instance.pairTask[pair]!]!;
    // With start times, loads before a deadline say nothing of the gaps between tasks.
    if (own === Infinity || instance.timing !== null) return [];
    const { deadlineMs, dueMs } = this.#due[agent]![slot]!;
    const isLate = (due: number, deadline: number): boolean =>
      !isWithin(due + instance.busyMs[pair]!, Math.max(0, deadline - instance.availableFromMs[agent]!));
    const before = deadlineMs.findLastIndex((deadline) => deadline <= own);
    const late = isLate(before < 0 ? 0 : dueMs[before]!, own) ? [own] : [];
    for (let k = before + 1; k < deadlineMs.length; k++)
      if (isLate(dueMs[k]!, deadlineMs[k]!)) late.push(deadlineMs[k]!);
    return late;
  }
}
