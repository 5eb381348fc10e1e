import type { Option } from "./check-slot-rules.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** Share of the prices of all tasks by which these must exceed what sets of tasks come to, so that no rounding proves anything. */
const LEAST_EXCESS = 1e-9;
/** Prices below this share of the highest count as 0, which is a price too: products of prices and times stay far from the ends of the doubles. */
const LEAST_SHARE = 1e-12;
/** Sets looked at between two absences, after which what is still open counts too: some 50 ms. More than a search looks at. */
const MOST_SETS = 40_000;

/**
 * Whether the prices of all tasks come to more than the best sets of tasks that fit the slots, one for each slot and time between two absences. A set
 * fits where no interval is too short for those of its tasks that must run within it. Written apart from the search.
 */
export function cannotCover(
  { numTasks, numAgents, slotStart, availableFromMs, absences }: SequencingProblem,
  options: readonly (Option | null)[],
  latestEndMs: number,
  statedPrices: Float64Array,
  tolerance: number,
): boolean {
  if (statedPrices.length !== numTasks || !statedPrices.every((price) => price >= 0 && price < Infinity)) return false;
  const highest = statedPrices.reduce((most, price) => Math.max(most, price), 0);
  if (highest === 0) return false;
  const taskPrices = statedPrices.map((price) => (price / highest < LEAST_SHARE ? 0 : price / highest));
  const all = taskPrices.reduce((sum, price) => sum + price, 0);
  let covered = 0;
  for (let agent = 0; agent < numAgents; agent++) {
    const own = options.filter((option): option is Option => option?.agent === agent);
    let from = availableFromMs[agent]!;
    const mostUntil = (to: number): number =>
      mostWorth(
        own.map((option) => ({ ...option, from: Math.max(from, option.from), to: Math.min(to, option.to) })),
        ({ task }) => taskPrices[task]!,
        to - from + tolerance,
        tolerance,
      );
    let worth = 0;
    for (let k = absences?.intervalStart[agent] ?? 0; k < (absences?.intervalStart[agent + 1] ?? 0); k++) {
      worth += mostUntil(Math.min(latestEndMs, absences!.fromMs[k]!));
      from = Math.max(from, absences!.toMs[k]!);
    }
    worth += mostUntil(latestEndMs);
    covered += worth * (slotStart[agent + 1]! - slotStart[agent]!);
  }
  return all - covered > LEAST_EXCESS * all;
}

/** The most that a set which fits is worth, or what bounds it where there are too many sets. */
function mostWorth(
  options: readonly Option[],
  worthOf: (option: Option) => number,
  room: number,
  tolerance: number,
): number {
  const items = options.filter((one) => worthOf(one) > 0 && one.from + one.busy <= one.to + tolerance);
  items.sort((a, b) => worthOf(b) * a.busy - worthOf(a) * b.busy || a.task - b.task);
  let [most, open, numSets] = [0, 0, 0];
  const extend = (set: readonly Option[], first: number, worth: number, left: number): void => {
    numSets++;
    most = Math.max(most, worth);
    for (let k = first; k < items.length; k++) {
      const bound = worth + mostInParts(items, k, worthOf, left);
      if (bound <= most) return;
      if (numSets > MOST_SETS) {
        open = Math.max(open, bound);
        return;
      }
      const next = items[k]!;
      if (next.busy > left || !fitsBeside(set, next, tolerance)) continue;
      extend([...set, next], k + 1, worth + worthOf(next), left - next.busy);
    }
  };
  extend([], 0, 0, room);
  return Math.max(most, open);
}

/** What the items from one on are worth at most in the time that is left, if they could be divided. */
function mostInParts(
  items: readonly Option[],
  first: number,
  worthOf: (option: Option) => number,
  room: number,
): number {
  let [worth, left] = [0, room];
  for (let k = first; k < items.length && left > 0; k++) {
    const { busy } = items[k]!;
    worth += worthOf(items[k]!) * (busy > left ? left / busy : 1);
    left -= busy;
  }
  return worth;
}

/** Whether the set with one more task leaves each interval enough time for the tasks whose windows are within it. */
function fitsBeside(set: readonly Option[], next: Option, tolerance: number): boolean {
  const all = [...set, next];
  const begins = all.map(({ from }) => from).filter((from) => from <= next.from);
  const ends = all.map(({ to }) => to).filter((to) => to >= next.to);
  return begins.every((from) =>
    ends.every((to) => {
      const work = all.reduce((sum, one) => (one.from >= from && one.to <= to ? sum + one.busy : sum), 0);
      return work <= to - from + tolerance;
    }),
  );
}
