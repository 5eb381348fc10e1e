import { nameSome } from "../name-lists.js";
import type { ExplainReport } from "../schemas/index.js";

type LimitWorth = ExplainReport["limits"][number];

/** Rounding of a difference of two values, relative. */
const SAME = 1e-9;

/** Limits of an explanation, those apart of which nothing is known. */
export interface SortedWorths {
  readonly known: readonly LimitWorth[];
  readonly unknown: readonly LimitWorth[];
  /** No limit of `unknown` gains more; 0 where there is none. */
  readonly atMost: number;
}

/**
 * Of a plan that is not proven best every limit may be what keeps it from its bound. A limit is known to matter where lifting it gains
 * something, or may gain more than the plan could under all its limits, or than some other limit allows: the bounds of questions that are
 * broken off early are wider by as much for all of them. O(limits).
 */
export function sortWorths({ limits, objective }: Pick<ExplainReport, "limits" | "objective">): SortedWorths {
  const least = Math.min(...limits.flatMap(({ lifted }) => lifted.gains_at_most ?? []));
  const unknown = limits.filter((limit) => !isKnown(limit, objective, least));
  const atMost = Math.max(0, ...unknown.map(({ lifted }) => lifted.gains_at_most ?? 0));
  return { known: limits.filter((limit) => !unknown.includes(limit)), unknown, atMost };
}

function isKnown(
  { lifted, one_more }: LimitWorth,
  { bound, sense }: ExplainReport["objective"],
  least: number,
): boolean {
  const gains = [lifted, ...(one_more === null ? [] : [one_more])];
  if (gains.some((gain) => gain.places_more > 0 || (gain.gains ?? 0) > 0)) return true;
  const { value, gains: more, gains_at_most: atMost } = lifted;
  if (bound === null || value === null || more === null || atMost === null) return true;
  const best = sense === "max" ? value - more : value + more;
  const rounding = SAME * Math.max(1, Math.abs(bound));
  const shortfall = Math.abs(bound - best);
  return shortfall <= rounding || atMost > Math.max(shortfall, least) + rounding;
}

/** Names of limits that one sentence has. */
const MOST_NAMED = 4;

/** What is said of limits of which nothing is known; "" where there is none. */
export function describeUnknownWorths({ unknown, atMost }: SortedWorths, format: (value: number) => string): string {
  if (unknown.length === 0) return "";
  const named = nameSome(
    unknown.map(({ limit }) => limit),
    MOST_NAMED,
  );
  const [limits, one] = unknown.length === 1 ? ["1 limit", "it"] : [`${unknown.length} limits`, "one of them"];
  return `Of ${limits} (${named}) nothing is known, for the plan is not proven best: no better plan was found without ${one}, and none is better by more than ${format(atMost)}.`;
}
