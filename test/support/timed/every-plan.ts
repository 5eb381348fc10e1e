import { exceeds, type TimedOption, type TimedWave } from "./wave.js";

/** One choice of agents and slots that some schedule keeps, with the earliest end any of them has. */
export interface SmallPlan {
  /** −1: deferred. */
  readonly agentOf: readonly number[];
  readonly slotOf: readonly number[];
  readonly makespanMs: number;
}

interface Running {
  readonly task: number;
  readonly agent: number;
  readonly slot: number;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Every plan of a tiny wave with its least makespan; null where that takes more than `mostNodes` partial schedules.
 *
 * Tasks are placed one after another, each at its earliest time that keeps what was placed before. Some order gives an optimum: let S be
 * a schedule, and place its tasks in the order of their starts. Then every task can keep its start in S, because the earlier ones, which
 * started no later in S and have only moved forward, occupy nothing after that start that they did not occupy in S. So no task ends later
 * than in S: makespan, deadlines, departures, slots, absences and pools all hold. Doing this again until nothing moves ends in a schedule
 * whose starts ascend in the order of placing. So only such orders are looked at (ties by index). What loads, numbers and costs allow does
 * not depend on times. Slots of an agent are alike, so a task opens at most the first empty one.
 */
export function everyPlan(wave: TimedWave, mostNodes: number): SmallPlan[] | null {
  const search = new PlanSearch(wave, mostNodes);
  return search.run() ? search.plans() : null;
}

class PlanSearch {
  readonly #running: Running[] = [];
  readonly #agentOf: number[];
  readonly #slotOf: number[];
  readonly #endOf: number[];
  readonly #loads: number[][];
  readonly #counts: number[];
  readonly #best = new Map<string, SmallPlan>();
  #cost = 0;
  #nodes = 0;

  constructor(
    private readonly wave: TimedWave,
    private readonly mostNodes: number,
  ) {
    this.#agentOf = wave.tasks.map(() => -1);
    this.#slotOf = wave.tasks.map(() => -1);
    this.#endOf = wave.tasks.map(() => 0);
    this.#loads = wave.agents.map(({ slots }) => new Array<number>(slots).fill(0));
    this.#counts = wave.agents.map(() => 0);
  }

  /** Whether the search came to its end. */
  run(): boolean {
    return this.#extend(0, -1, 0);
  }

  plans(): SmallPlan[] {
    return [...this.#best.values()];
  }

  #extend(lastStart: number, lastTask: number, makespanMs: number): boolean {
    if (++this.#nodes > this.mostNodes) return false;
    this.#record(makespanMs);
    for (let task = 0; task < this.wave.tasks.length; task++) {
      const { isBlocked, after, options } = this.wave.tasks[task]!;
      if (isBlocked || this.#agentOf[task]! >= 0 || after.some((other) => this.#agentOf[other]! < 0)) continue;
      for (const option of options) {
        const lastSlot = this.#firstEmptySlot(option.agent);
        for (let slot = 0; slot <= lastSlot; slot++) {
          if (!this.#keepsSums(option, slot)) continue;
          const startMs = this.#earliestStart(task, option, slot);
          const isInOrder = startMs > lastStart || (startMs === lastStart && task > lastTask);
          if (startMs === Infinity || !isInOrder) continue;
          if (!this.#extendBy(task, option, slot, startMs, makespanMs)) return false;
        }
      }
    }
    return true;
  }

  #extendBy(task: number, option: TimedOption, slot: number, startMs: number, makespanMs: number): boolean {
    const { agent, busyMs, cost } = option;
    const endMs = startMs + busyMs;
    const [loadBefore, costBefore] = [this.#loads[agent]![slot]!, this.#cost];
    this.#agentOf[task] = agent;
    this.#slotOf[task] = slot;
    this.#endOf[task] = endMs;
    this.#loads[agent]![slot] = loadBefore + busyMs;
    this.#counts[agent]! += 1;
    this.#cost += cost;
    this.#running.push({ task, agent, slot, startMs, endMs });
    const isDone = this.#extend(startMs, task, Math.max(makespanMs, endMs));
    this.#running.pop();
    this.#cost = costBefore;
    this.#counts[agent]! -= 1;
    this.#loads[agent]![slot] = loadBefore;
    this.#agentOf[task] = -1;
    this.#slotOf[task] = -1;
    return isDone;
  }

  #record(makespanMs: number): void {
    if (this.wave.noDefer && this.#agentOf.includes(-1)) return;
    const key = this.#agentOf.map((agent, task) => (agent < 0 ? "-" : `${agent}.${this.#slotOf[task]}`)).join(" ");
    const known = this.#best.get(key);
    if (known !== undefined && known.makespanMs <= makespanMs) return;
    this.#best.set(key, { agentOf: [...this.#agentOf], slotOf: [...this.#slotOf], makespanMs });
  }

  #firstEmptySlot(agent: number): number {
    const loads = this.#loads[agent]!;
    const empty = loads.indexOf(0);
    return empty < 0 ? loads.length - 1 : empty;
  }

  #keepsSums({ agent, busyMs, cost }: TimedOption, slot: number): boolean {
    const { maxTasks, limitMs } = this.wave.agents[agent]!;
    if (this.#counts[agent]! + 1 > maxTasks || exceeds(this.#loads[agent]![slot]! + busyMs, limitMs)) return false;
    return !exceeds(this.#cost + cost, this.wave.budget);
  }

  /** Infinity where the task cannot end in time. A start is a lower limit, or the end of something that was in the way. */
  #earliestStart(task: number, { agent, busyMs }: TimedOption, slot: number): number {
    const { fromMs, untilMs, absences } = this.wave.agents[agent]!;
    const { releaseMs, deadlineMs, after } = this.wave.tasks[task]!;
    const latestEnd = Math.min(untilMs, deadlineMs);
    const ready = Math.max(releaseMs, fromMs, ...after.map((other) => this.#endOf[other]!));
    const ends = [...this.#running.map(({ endMs }) => endMs), ...absences.map(([, to]) => to)];
    const candidates = [ready, ...ends.filter((end) => end > ready).sort((a, b) => a - b)];
    for (const startMs of candidates) {
      if (exceeds(startMs + busyMs, latestEnd)) return Infinity;
      if (this.#isFree(task, agent, slot, startMs, startMs + busyMs)) return startMs;
    }
    return Infinity;
  }

  #isFree(task: number, agent: number, slot: number, startMs: number, endMs: number): boolean {
    const overlaps = (from: number, to: number): boolean => exceeds(endMs, from) && exceeds(to, startMs);
    if (this.wave.agents[agent]!.absences.some(([from, to]) => overlaps(from, to))) return false;
    const during = this.#running.filter((other) => overlaps(other.startMs, other.endMs));
    if (during.some((other) => other.agent === agent && other.slot === slot)) return false;
    return this.wave.poolLimits.every((limit, pool) => {
      const own = this.wave.tasks[task]!.uses[pool]!;
      if (own === 0) return true;
      const moments = [startMs, ...during.map((other) => other.startMs).filter((at) => at > startMs)];
      return moments.every((at) => {
        const running = during.filter((other) => other.startMs <= at && exceeds(other.endMs, at));
        return !exceeds(
          running.reduce((sum, other) => sum + this.wave.tasks[other.task]!.uses[pool]!, own),
          limit,
        );
      });
    });
  }
}
