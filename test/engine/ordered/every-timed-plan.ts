import { type Assignment, DEFERRED, type Instance } from "../../../models/index.js";

/** Tolerance of every comparison, relative to the size of what is compared. */
export function exceeds(a: number, b: number): boolean {
  return a > b + 1e-9 * Math.max(1, Math.abs(b));
}

/**
 * Every plan that matters, by exhaustion: each choice of agent and slot or deferral, and each order of the placed tasks decoded serially, which
 * has a best schedule among them for every goal that does not get better by later ends. Tiny instances only.
 */
export function forEachTimedPlan(instance: Instance, visit: (plan: Assignment) => void): void {
  const { numTasks, pairStart, pairAgent, slots, dependsStart, dependsOn, deferral } = instance;
  const pairOf = new Int32Array(numTasks);
  const slotOf = new Int32Array(numTasks);
  const choose = (task: number): void => {
    if (task === numTasks) {
      if (keepsTotals(instance, pairOf, slotOf)) forEachOrder(instance, pairOf, slotOf, visit);
      return;
    }
    const waits = dependsOn.subarray(dependsStart[task], dependsStart[task + 1]);
    if (!waits.some((before) => pairOf[before] === DEFERRED)) {
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        for (let slot = 0; slot < slots[pairAgent[pair]!]!; slot++) {
          [pairOf[task], slotOf[task]] = [pair, slot];
          choose(task + 1);
        }
      }
    }
    if (deferral.kind === "forbidden") return;
    pairOf[task] = slotOf[task] = DEFERRED;
    choose(task + 1);
  };
  choose(0);
}

function keepsTotals(instance: Instance, pairOf: Int32Array, slotOf: Int32Array): boolean {
  const load = Array.from(instance.slots, (count) => new Float64Array(count));
  const count = new Int32Array(instance.numAgents);
  let cost = 0;
  pairOf.forEach((pair, task) => {
    if (pair === DEFERRED) return;
    const agent = instance.pairAgent[pair]!;
    load[agent]![slotOf[task]!]! += instance.busyMs[pair]!;
    count[agent]!++;
    cost += instance.cost[pair]!;
  });
  return (
    load.every((slots, agent) => slots.every((one) => !exceeds(one, instance.loadLimitMs[agent]!))) &&
    count.every((one, agent) => one <= instance.maxTasks[agent]!) &&
    !exceeds(cost, instance.budget)
  );
}

function forEachOrder(
  instance: Instance,
  pairOf: Int32Array,
  slotOf: Int32Array,
  visit: (plan: Assignment) => void,
): void {
  const { numTasks, dependsStart, dependsOn, pairAgent, busyMs } = instance;
  const startMs = new Float64Array(numTasks).fill(NaN);
  const agentOf = pairOf.map((pair) => (pair === DEFERRED ? DEFERRED : pairAgent[pair]!));
  const open = pairOf.reduce((sum, pair) => sum + (pair === DEFERRED ? 0 : 1), 0);
  const placed: number[] = [];
  const step = (): void => {
    if (placed.length === open) {
      visit({ agentOf, slotOf, startMs });
      return;
    }
    for (let task = 0; task < numTasks; task++) {
      if (pairOf[task] === DEFERRED || placed.includes(task)) continue;
      const waits = dependsOn.subarray(dependsStart[task], dependsStart[task + 1]);
      if (waits.some((before) => !placed.includes(before))) continue;
      const start = earliestStart(instance, pairOf, slotOf, startMs, placed, task);
      const agent = pairAgent[pairOf[task]!]!;
      const end = start + busyMs[pairOf[task]!]!;
      if (exceeds(end, Math.min(instance.deadlineMs[task]!, instance.timing!.availableUntilMs[agent]!))) continue;
      startMs[task] = start;
      placed.push(task);
      step();
      placed.pop();
      startMs[task] = NaN;
    }
  };
  step();
}

/** The earliest of the times at which something could begin to fit. */
function earliestStart(
  instance: Instance,
  pairOf: Int32Array,
  slotOf: Int32Array,
  startMs: Float64Array,
  placed: readonly number[],
  task: number,
): number {
  const { dependsStart, dependsOn, pairAgent, busyMs, availableFromMs } = instance;
  const timing = instance.timing!;
  const agent = pairAgent[pairOf[task]!]!;
  const end = (one: number): number => startMs[one]! + busyMs[pairOf[one]!]!;
  let ready = Math.max(timing.releaseMs[task]!, availableFromMs[agent]!);
  for (const before of dependsOn.subarray(dependsStart[task], dependsStart[task + 1])) {
    ready = Math.max(ready, end(before));
  }
  const times = [ready, ...placed.map(end), ...timing.absenceToMs].filter((at) => at >= ready);
  times.sort((a, b) => a - b);
  return times.find((at) => fitsAt(instance, pairOf, slotOf, startMs, placed, task, at))!;
}

function fitsAt(
  instance: Instance,
  pairOf: Int32Array,
  slotOf: Int32Array,
  startMs: Float64Array,
  placed: readonly number[],
  task: number,
  at: number,
): boolean {
  const { pairAgent, busyMs } = instance;
  const timing = instance.timing!;
  const agent = pairAgent[pairOf[task]!]!;
  const until = at + busyMs[pairOf[task]!]!;
  const overlaps = (from: number, to: number): boolean => from < until && to > at;
  for (let k = timing.absenceStart[agent]!; k < timing.absenceStart[agent + 1]!; k++) {
    if (overlaps(timing.absenceFromMs[k]!, timing.absenceToMs[k]!)) return false;
  }
  const others = placed.filter((one) => overlaps(startMs[one]!, startMs[one]! + busyMs[pairOf[one]!]!));
  if (others.some((one) => pairAgent[pairOf[one]!] === agent && slotOf[one] === slotOf[task])) return false;
  return timing.poolLimit.every((limit, pool) => {
    const own = amountOf(instance, task, pool);
    const moments = [at, ...others.map((one) => startMs[one]!).filter((start) => start > at)];
    return moments.every((moment) => {
      const running = others.filter((one) => {
        return startMs[one]! <= moment && startMs[one]! + busyMs[pairOf[one]!]! > moment;
      });
      return !exceeds(
        running.reduce((sum, one) => sum + amountOf(instance, one, pool), own),
        own > 0 ? limit : Infinity,
      );
    });
  });
}

function amountOf(instance: Instance, task: number, pool: number): number {
  const { useStart, usePool, useAmount } = instance.timing!;
  for (let k = useStart[task]!; k < useStart[task + 1]!; k++) if (usePool[k] === pool) return useAmount[k]!;
  return 0;
}

/** What a plan with start times breaks, in words; empty where it keeps everything. */
export function faultsOf(instance: Instance, { agentOf, slotOf, startMs }: Assignment): string[] {
  const { numTasks, pairStart, pairAgent, busyMs, dependsStart, dependsOn } = instance;
  if (startMs === undefined) return ["no start times"];
  const faults: string[] = [];
  const pairOf = agentOf.map((agent, task) => {
    if (agent === DEFERRED) return DEFERRED;
    const pair = pairAgent.subarray(pairStart[task], pairStart[task + 1]).indexOf(agent);
    if (pair < 0) faults.push(`${task} on ${agent}`);
    return pair < 0 ? DEFERRED : pairStart[task]! + pair;
  });
  if (!keepsTotals(instance, pairOf, slotOf)) faults.push("totals");
  const end = (task: number): number => startMs[task]! + busyMs[pairOf[task]!]!;
  const timing = instance.timing!;
  for (let task = 0; task < numTasks; task++) {
    if (pairOf[task] === DEFERRED) {
      if (instance.deferral.kind === "forbidden") faults.push(`${task} deferred`);
      continue;
    }
    const agent = agentOf[task]!;
    const earliest = Math.max(timing.releaseMs[task]!, instance.availableFromMs[agent]!);
    if (exceeds(earliest, startMs[task]!)) faults.push(`${task} too early`);
    if (exceeds(end(task), Math.min(instance.deadlineMs[task]!, timing.availableUntilMs[agent]!)))
      faults.push(`${task} late`);
    for (const before of dependsOn.subarray(dependsStart[task], dependsStart[task + 1])) {
      if (pairOf[before] === DEFERRED || exceeds(end(before), startMs[task]!)) faults.push(`${task} before ${before}`);
    }
    // Slightly shortened, so that rounding is no overlap.
    const rest = [...agentOf.keys()].filter((one) => one !== task && pairOf[one] !== DEFERRED);
    const shrunk = startMs.map((start) => start + 1e-9 * Math.max(1, start));
    const short = { ...instance, busyMs: busyMs.map((busy) => busy - 4e-9 * Math.max(1, busy + 100)) };
    if (!fitsAt(short, pairOf, slotOf, shrunk, rest, task, shrunk[task]!)) faults.push(`${task} does not fit`);
  }
  return faults;
}
