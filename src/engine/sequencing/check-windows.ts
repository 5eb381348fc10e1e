import type { WindowsCertificate } from "./bound-certificate.js";
import type { SequencingProblem } from "./sequencing-problem.js";

const WHOLE_TOLERANCE = 1e-3;
const REAL_TOLERANCE = 1e-11;

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
  const step = isWhole ? 1 : 0;
  const isFront = fromMs <= option.from;
  const isBack = toMs >= option.to - option.busy;
  if (isFront && isBack) return null;
  if (isFront) return { ...option, from: Math.max(option.from, toMs + step) };
  if (isBack) return { ...option, to: Math.min(option.to, fromMs + option.busy - step) };
  return option;
}

/** Applies all rules until nothing changes; null where they contradict each other. */
function narrow(rules: Rules, options: Options): Options | null {
  const { problem, tolerance } = rules;
  const now: Options = options.map((option) => (option === null ? null : { ...option }));
  for (;;) {
    const before = JSON.stringify(now);
    now.forEach((option, pair) => {
      if (option !== null && option.from + option.busy > option.to + tolerance) now[pair] = null;
    });
    for (const option of now) if (option !== null) avoidAbsences(problem, option, tolerance);
    const ofTask: Option[][] = Array.from({ length: problem.numTasks }, () => []);
    for (const option of now) if (option !== null) ofTask[option.task]!.push(option);
    if (ofTask.some((group) => group.length === 0)) return null;
    followDependencies(problem, ofTask);
    for (let agent = 0; agent < problem.numAgents; agent++) {
      const here = now.filter((option) => option !== null && option.agent === agent) as Option[];
      const isRequired = (option: Option): boolean => ofTask[option.task]!.length === 1;
      const slots = problem.slotStart[agent + 1]! - problem.slotStart[agent]!;
      if (
        slots === 1
          ? !orderOnSlot(here, isRequired, tolerance)
          : isOverloaded(here, isRequired, (from, to) => slots * (presence(problem, agent, from, to) + tolerance))
      )
        return null;
    }
    if (rules.prices !== null && isFleetOverloaded(rules, rules.prices, ofTask)) return null;
    if (JSON.stringify(now) === before) return now;
  }
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

function isFleetOverloaded({ problem, tolerance }: Rules, prices: Float64Array, ofTask: readonly Option[][]): boolean {
  const windows = ofTask.map((options) => ({
    from: Math.min(...options.map((option) => option.from)),
    to: Math.max(...options.map((option) => option.to)),
    least: Math.min(...options.map((option) => prices[option.agent]! * option.busy)),
  }));
  for (const to of new Set(windows.map((window) => window.to))) {
    const inTime = windows.filter((window) => window.to <= to).sort((a, b) => b.from - a.from);
    let work = 0;
    for (const { from, least } of inTime) {
      work += least;
      let room = 0;
      for (let agent = 0; agent < problem.numAgents; agent++) {
        const slots = problem.slotStart[agent + 1]! - problem.slotStart[agent]!;
        room += prices[agent]! * slots * presence(problem, agent, from, to + tolerance);
      }
      if (work > room) return true;
    }
  }
  return false;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
