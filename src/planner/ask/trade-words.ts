import { type GoalKey, joinWords, roundShown } from "../../domain/index.js";
import type { ComparedPlan, CompareReport } from "../../domain/schemas/index.js";

type Measures = Pick<ComparedPlan, "name" | "kind" | "values" | "deferred_weight">;

/** Plans of strategies with the same measures; the first speaks for all. */
interface Group {
  readonly names: string[];
  readonly values: Readonly<Partial<Record<GoalKey, number>>>;
  readonly left: number;
}

/** Differences below this share of a value are no reason to choose. */
const LEAST_DIFFERENCE = 5e-4;

/**
 * What choosing a strategy comes to, in sentences: which strategies have plans of the same measures, and what each other plan wins and
 * loses against the first strategy's. Empty where fewer than two strategies have a plan. O(strategies² · goals)
 */
export function tradeWords(goals: CompareReport["goals"], plans: readonly Measures[]): string[] {
  const groups: Group[] = [];
  for (const { name, kind, values, deferred_weight: left } of plans) {
    if (kind !== "strategy" || values === null || left === null) continue;
    const own: Group = { names: [name], values, left };
    const same = groups.find((group) => isClose(group.left, left) && differences(goals, group, own).length === 0);
    if (same === undefined) groups.push(own);
    else same.names.push(name);
  }
  const [first, ...others] = groups;
  if (first === undefined || groups.flatMap(({ names }) => names).length < 2) return [];
  if (others.length === 0) return ["The plans of all strategies are as good by every goal: any of them will do."];
  const equal = first.names.slice(1);
  return [
    ...(equal.length === 0
      ? []
      : [`${joinWords(equal)} ${equal.length === 1 ? "is" : "are"} as good as ${first.names[0]!} by every goal.`]),
    ...others.map((other) => describeTrade(goals, first, other)),
  ];
}

function describeTrade(goals: CompareReport["goals"], first: Group, other: Group): string {
  const found = differences(goals, first, other);
  const tell = (isWanted: boolean): string =>
    found
      .filter(({ isBetter }) => isBetter === isWanted)
      .map(({ name, own, reference }) => `${name} (${roundShown(own)}, not ${roundShown(reference)})`)
      .join(", ");
  const [leave, be] = other.names.length === 1 ? ["leaves", "is"] : ["leave", "are"];
  const parts = [
    isClose(first.left, other.left)
      ? ""
      : `${leave} out a weight of ${roundShown(other.left)}, not ${roundShown(first.left)}`,
    tell(true) === "" ? "" : `${be} better in ${tell(true)}`,
    tell(false) === "" ? "" : `${be} worse in ${tell(false)}`,
  ];
  return `Against ${first.names[0]!}, ${joinWords(other.names)} ${joinWords(parts.filter((part) => part !== ""))}.`;
}

interface Difference {
  readonly name: string;
  readonly own: number;
  readonly reference: number;
  readonly isBetter: boolean;
}

function differences(goals: CompareReport["goals"], first: Group, other: Group): Difference[] {
  return goals.flatMap(({ key, name, sense }) => {
    const [reference, own] = [first.values[key], other.values[key]];
    if (reference === undefined || own === undefined || isClose(reference, own)) return [];
    return [{ name, own, reference, isBetter: sense === "max" ? own > reference : own < reference }];
  });
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= LEAST_DIFFERENCE * Math.max(Math.abs(a), Math.abs(b));
}
