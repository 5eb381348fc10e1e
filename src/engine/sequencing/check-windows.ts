import { isCheckable, mostPricings } from "./certificate-work.js";
import type { WindowsCertificate } from "./bound-certificate.js";
import { cannotCover } from "./check-contents.js";
import { keepPools } from "./check-pool-rules.js";
import { presence } from "./check-presence.js";
import { hasExcess, isOverloaded, type Option, orderOnSlot, windowOf } from "./check-slot-rules.js";
import { applyPricing } from "./check-time-prices.js";
import type { SequencingProblem } from "./sequencing-problem.js";

const WHOLE_TOLERANCE = 1e-3;
const REAL_TOLERANCE = 1e-11;
/** Passes over all rules after which windows are taken as they are: they may shrink for ever in smaller and smaller steps. */
const MAX_PASSES = 100;

/**
 * Checks a list of refuted windows: assumes each in turn and looks for a contradiction, takes it away, and in the end finds nothing left, if need be
 * after what cannot be afforded at prices that change with time is taken away too, or finds less room than all tasks need.
 * Written apart from the search, in the plainest form of the same rules, so that what the search refutes can be refuted here.
 */
export function isRefuted(problem: SequencingProblem, certificate: WindowsCertificate): boolean {
  const { latestEndMs, refuted, prices, pricings, taskPrices } = certificate;
  if (prices !== null && !(prices.length === problem.numAgents && prices.every((price) => price >= 0))) return false;
  // Nobody has to check for long what no search keeps.
  if (refuted.length > 0 && !isCheckable(problem, refuted.length)) return false;
  if (pricings.length > mostPricings(problem)) return false;
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
  let left = narrow(rules, known);
  for (const pricing of pricings) {
    if (left === null) break;
    const outcome = applyPricing(problem, left, latestEndMs, pricing, tolerance);
    if (outcome === "invalid") return false;
    left = outcome === "overpriced" ? null : narrow(rules, outcome);
  }
  if (left === null || taskPrices === undefined) return left === null;
  return cannotCover(problem, left, latestEndMs, taskPrices, tolerance);
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
  if (!fits || !keepPools(problem, ofTask, tolerance)) return false;
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

function isFleetOverloaded({ problem, tolerance }: Rules, prices: Float64Array, ofTask: readonly Option[][]): boolean {
  const tasks = ofTask.map((options) => {
    const least = Math.min(...options.map(({ agent, busy }) => prices[agent]! * busy));
    return { ...windowOf(options), work: least };
  });
  return hasExcess(tasks, (from, to) => {
    let room = 0;
    for (let agent = 0; agent < problem.numAgents; agent++) {
      const slots = problem.slotStart[agent + 1]! - problem.slotStart[agent]!;
      room += prices[agent]! * slots * (presence(problem, agent, from, to) + tolerance);
    }
    return room;
  });
}
