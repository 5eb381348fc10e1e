import type { WindowsCertificate } from "./bound-certificate.js";
import type { SequencingProblem } from "./sequencing-problem.js";

const WHOLE_TOLERANCE = 1e-3;
const REAL_TOLERANCE = 1e-11;
/** Amounts that exceed a pool's limit by no more than this share of it still fit. */
const POOL_TOLERANCE = 1e-9;
/** Passes over all rules after which windows are taken as they are: they may shrink for ever in smaller and smaller steps. */
const MAX_PASSES = 100;

/** What is known of one task on one agent. */
interface Option {
  readonly task: number;
  readonly agent: number;
  readonly busy: number;
  from: number;
  to: number;
}

/**
 * Checks a list of refuted windows: assumes each in turn and looks for a contradiction, takes it away, and in the end finds nothing left.
 * Written apart from the search, in the plainest form of the same rules, so that what the search refutes can be refuted here.
 */
export function isRefuted(problem: SequencingProblem, certificate: WindowsCertificate): boolean {
  const { latestEndMs, refuted, prices } = certificate;
  if (prices !== null && !(prices.length === problem.numAgents && prices.every((price) => price >= 0))) return false;
  const tolerance = problem.isWhole ? WHOLE_TOLERANCE : REAL_TOLERANCE * Math.max(1, latestEndMs);
  const rules = { problem, prices, tolerance };
  let known = openOptions(problem, latestEndMs);
  for (const { pair, fromMs, toMs } of refuted) {
    if (!(fromMs <= toMs)) return false;
    const narrowed = narrow(rules, known);
    if (narrowed === null) return true;
    known = narrowed;
    const option = known[pair];
    if (option === undefined || option === null) continue;
    const assumed = known.map((other) =>
      other === null || (other.task === option.task && other !== option) ? null : { ...other },
    );
    assumed[pair] = { ...option, from: Math.max(option.from, fromMs), to: Math.min(option.to, toMs + option.busy) };
    if (narrow(rules, assumed) !== null) return false;
    known[pair] = without(option, fromMs, toMs, problem.isWhole);
  }
  return narrow(rules, known) === null;
}

type Options = (Option | null)[];

interface Rules {
  readonly problem: SequencingProblem;
  readonly prices: Float64Array | null;
  readonly tolerance: number;
}

function openOptions(problem: SequencingProblem, latestEndMs: number): Options {
  const options: Options = [];
  for (let task = 0; task < problem.numTasks; task++) {
    for (let pair = problem.pairStart[task]!; pair < problem.pairStart[task + 1]!; pair++) {
      const agent = problem.pairAgent[pair]!;
      const from = Math.max(problem.releaseMs[task]!, problem.availableFromMs[agent]!);
      const until = problem.absences?.availableUntilMs[agent] ?? Infinity;
      const to = Math.min(latestEndMs, until, problem.deadlineMs[task]!);
      options.push({ task, agent, busy: problem.busyMs[pair]!, from, to });
    }
  }
  return options;
}

function without(option: Option, fromMs: number, toMs: number, isWhole: boolean): Option | null {
  const isFront = fromMs <= option.from;
  const isBack = toMs >= option.to - option.busy;
  if (isFront && isBack) return null;
  // Whole times have whole starts: the first one after the window, and the last one before it.
  if (isFront) return { ...option, from: Math.max(option.from, isWhole ? Math.floor(toMs) + 1 : toMs) };
  if (isBack) return { ...option, to: Math.min(option.to, (isWhole ? Math.ceil(fromMs) - 1 : fromMs) + option.busy) };
  return option;
}

/** Applies all rules until nothing changes, or for many passes; null where they contradict each other. */
function narrow(rules: Rules, options: Options): Options | null {
  const now: Options = options.map((option) => (option === null ? null : { ...option }));
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const before = boundsOf(now);
    if (!applyAll(rules, now)) return null;
    if (boundsOf(now).every((time, k) => time === before[k])) break;
  }
  return now;
}

/** Ends of all windows; −∞ to −∞ where the option is gone. */
function boundsOf(options: Options): Float64Array {
  const bounds = new Float64Array(2 * options.length).fill(-Infinity);
  options.forEach((option, k) => {
    if (option !== null) [bounds[2 * k], bounds[2 * k + 1]] = [option.from, option.to];
  });
  return bounds;
}

/** One pass over all rules; false where they contradict each other. */
function applyAll(rules: Rules, now: Options): boolean {
  const { problem, tolerance } = rules;
  now.forEach((option, pair) => {
    if (option !== null && option.from + option.busy > option.to + tolerance) now[pair] = null;
  });
  for (const option of now) if (option !== null) avoidAbsences(problem, option, tolerance);
  const ofTask: Option[][] = Array.from({ length: problem.numTasks }, () => []);
  const ofAgent: Option[][] = Array.from({ length: problem.numAgents }, () => []);
  for (const option of now) {
    if (option === null) continue;
    ofTask[option.task]!.push(option);
    ofAgent[option.agent]!.push(option);
  }
  if (ofTask.some((group) => group.length === 0)) return false;
  followDependencies(problem, ofTask);
  const isRequired = (option: Option): boolean => ofTask[option.task]!.length === 1;
  const fits = ofAgent.every((here, agent) => {
    const slots = problem.slotStart[agent + 1]! - problem.slotStart[agent]!;
    if (slots === 1) return orderOnSlot(here, isRequired, tolerance);
    return !isOverloaded(here, isRequired, (from, to) => slots * (presence(problem, agent, from, to) + tolerance));
  });
  if (!fits || arePoolsOverused(rules, ofTask)) return false;
  return rules.prices === null || !isFleetOverloaded(rules, rules.prices, ofTask);
}

/** Narrows a window whose first or last place for the task overlaps an absence. */
function avoidAbsences({ absences }: SequencingProblem, option: Option, tolerance: number): void {
  if (absences === null) return;
  for (let k = absences.intervalStart[option.agent]!; k < absences.intervalStart[option.agent + 1]!; k++) {
    const [from, to] = [absences.fromMs[k]!, absences.toMs[k]!];
    if (option.from < to && option.from + option.busy > from + tolerance) option.from = Math.max(option.from, to);
  }
  for (let k = absences.intervalStart[option.agent + 1]! - 1; k >= absences.intervalStart[option.agent]!; k--) {
    const [from, to] = [absences.fromMs[k]!, absences.toMs[k]!];
    if (option.to > from && option.to - option.busy < to - tolerance) option.to = Math.min(option.to, from);
  }
}

/** Time of an agent within [from, to]. */
export function presence(
  { absences, availableFromMs }: SequencingProblem,
  agent: number,
  from: number,
  to: number,
): number {
  const start = Math.max(from, availableFromMs[agent]!);
  const end = Math.min(to, absences?.availableUntilMs[agent] ?? Infinity);
  let time = Math.max(0, end - start);
  for (let k = absences?.intervalStart[agent] ?? 0; k < (absences?.intervalStart[agent + 1] ?? 0); k++) {
    time -= Math.max(0, Math.min(end, absences!.toMs[k]!) - Math.max(start, absences!.fromMs[k]!));
  }
  return time;
}

function followDependencies(problem: SequencingProblem, ofTask: readonly Option[][]): void {
  const order = problem.topologicalOrder;
  for (const task of order) {
    for (let k = problem.predecessorStart[task]!; k < problem.predecessorStart[task + 1]!; k++) {
      const ready = Math.min(...ofTask[problem.predecessors[k]!]!.map((option) => option.from + option.busy));
      for (const option of ofTask[task]!) option.from = Math.max(option.from, ready);
    }
  }
  for (const task of order.slice().reverse()) {
    for (let k = problem.successorStart[task]!; k < problem.successorStart[task + 1]!; k++) {
      const due = Math.max(...ofTask[problem.successors[k]!]!.map((option) => option.to - option.busy));
      for (const option of ofTask[task]!) option.to = Math.min(option.to, due);
    }
  }
}

/** Pairs and edge finding on one slot, both ways of time; an option that cannot be is left with an empty window. */
function orderOnSlot(here: Option[], isRequired: (option: Option) => boolean, tolerance: number): boolean {
  for (const one of here) {
    for (const other of here) {
      if (one === other || !isRequired(other)) continue;
      const work = one.busy + other.busy;
      const canBeFirst = one.from + work <= other.to + tolerance;
      const canBeLast = other.from + work <= one.to + tolerance;
      if (!canBeFirst) one.from = Math.max(one.from, other.from + other.busy);
      if (!canBeLast) one.to = Math.min(one.to, other.to - other.busy);
    }
  }
  if (!followSets(here, isRequired, tolerance)) return false;
  const mirror = (): void => here.forEach((option) => ([option.from, option.to] = [-option.to, -option.from]));
  mirror();
  const fits = followSets(here, isRequired, tolerance);
  mirror();
  return fits;
}

/** A task that cannot end before the tasks of an interval starts after all of them. */
function followSets(here: Option[], isRequired: (option: Option) => boolean, tolerance: number): boolean {
  const required = here.filter(isRequired);
  for (const to of new Set(required.map((option) => option.to))) {
    for (const from of new Set(required.map((option) => option.from))) {
      const inside = required.filter((option) => option.from >= from && option.to <= to);
      if (inside.length === 0) continue;
      const first = Math.min(...inside.map((option) => option.from));
      const work = sum(inside.map((option) => option.busy));
      if (first + work > to + tolerance) return false;
      const end = Math.max(
        ...inside.map(
          ({ from: h }) => h + sum(inside.filter((option) => option.from >= h).map((option) => option.busy)),
        ),
      );
      for (const option of here) {
        if (inside.includes(option)) continue;
        if (Math.min(first, option.from) + work + option.busy > to + tolerance)
          option.from = Math.max(option.from, end);
      }
    }
  }
  return true;
}

/** Several slots: whether required work exceeds an interval; options that would are left with an empty window. */
function isOverloaded(
  here: Option[],
  isRequired: (option: Option) => boolean,
  roomWithin: (from: number, to: number) => number,
): boolean {
  const required = here.filter(isRequired);
  for (const { to } of required) {
    for (const { from } of required) {
      const inside = required.filter((option) => option.from >= from && option.to <= to);
      if (inside.length === 0) continue;
      const room = roomWithin(from, to) - sum(inside.map((option) => option.busy));
      if (room < 0) return true;
      for (const option of here) {
        if (!isRequired(option) && option.busy > room && option.from >= from && option.to <= to) option.to = -Infinity;
      }
    }
  }
  return false;
}

/** Whether tasks within an interval use more of a pool than limit · length. */
function arePoolsOverused({ problem: { pools }, tolerance }: Rules, ofTask: readonly Option[][]): boolean {
  if (pools === null) return false;
  return Array.from(pools.limit).some((limit, pool) => {
    const uses = ofTask.map((options, task) => {
      let amount = 0;
      for (let k = pools.useStart[task]!; k < pools.useStart[task + 1]!; k++) {
        if (pools.usePool[k] === pool) amount += pools.useAmount[k]!;
      }
      return { ...windowOf(options), work: amount * Math.min(...options.map(({ busy }) => busy)) };
    });
    const used = uses.filter(({ work }) => work > 0);
    return hasExcess(used, (from, to) => limit * (1 + POOL_TOLERANCE) * (to - from + tolerance));
  });
}

function isFleetOverloaded({ problem, tolerance }: Rules, prices: Float64Array, ofTask: readonly Option[][]): boolean {
  const tasks = ofTask.map((options) => {
    const least = Math.min(...options.map(({ agent, busy }) => prices[agent]! * busy));
    return { ...windowOf(options), work: least };
  });
  return hasExcess(tasks, (from, to) => {
    let room = 0;
    for (let agent = 0; agent < problem.numAgents; agent++) {
      const slots = problem.slotStart[agent + 1]! - problem.slotStart[agent]!;
      room += prices[agent]! * slots * presence(problem, agent, from, to + tolerance);
    }
    return room;
  });
}

function windowOf(options: readonly Option[]): { readonly from: number; readonly to: number } {
  return {
    from: Math.min(...options.map((option) => option.from)),
    to: Math.max(...options.map((option) => option.to)),
  };
}

/** Whether the work within an interval exceeds its room, for intervals from a start to an end of windows. */
function hasExcess(
  windows: readonly { readonly from: number; readonly to: number; readonly work: number }[],
  roomWithin: (from: number, to: number) => number,
): boolean {
  const latestFirst = [...windows].sort((a, b) => b.from - a.from);
  for (const to of new Set(windows.map((window) => window.to))) {
    let work = 0;
    for (const window of latestFirst) {
      if (window.to > to) continue;
      work += window.work;
      if (work > roomWithin(window.from, to)) return true;
    }
  }
  return false;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
