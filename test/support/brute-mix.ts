import { DEFERRED, type Instance } from "../../models/instance.js";
import { GOAL_KEYS, type GoalKey } from "../../models/strategies.js";
import { forEachPlan } from "./brute-force.js";

/** One row of the payoff table, both in the goal's own sense. */
interface MixEnds {
  readonly ideal: number;
  readonly nadir: number;
}

/** The payoff table of a mix and its least value, from every plan there is; null where there is no plan. */
export interface BruteMix {
  readonly table: ReadonlyMap<GoalKey, MixEnds>;
  /** Least deferred weight; 0 where deferral has a price. */
  readonly deferred: number;
  /** Least Σ weight · (v − ideal) / (nadir − ideal) among the plans that defer as little as possible, with the given table. */
  readonly leastSum: (table: ReadonlyMap<GoalKey, MixEnds>) => number;
}

type Weights = Readonly<Partial<Record<GoalKey, number>>>;

interface Point {
  readonly deferred: number;
  /** Price of what is deferred. */
  readonly price: number;
  /** Minimised, without the price. */
  readonly values: Readonly<Record<GoalKey, number>>;
}

const SLACK = 1e-9;
/** Range below which the optima count as equal on a goal. */
const FLAT = 1e-6;

export function bruteMix(instance: Instance, weights: Weights): BruteMix | null {
  const keys = GOAL_KEYS.filter((key) => (weights[key] ?? 0) > 0);
  const points = pointsOf(instance);
  if (points.length === 0) return null;
  const deferred = Math.min(...points.map((point) => point.deferred));
  const kept = points.filter((point) => point.deferred <= deferred + SLACK * Math.max(1, deferred));
  const optima = keys.map((key) => lexicographicBest(kept, [key, ...keys.filter((other) => other !== key)]));
  const table = new Map(
    keys.map((key): [GoalKey, MixEnds] => {
      const column = optima.map(({ values }) => values[key]);
      const [low, high] = [Math.min(...column), Math.max(...column)];
      const size = Math.max(1, Math.abs(low), Math.abs(high));
      const ends = { ideal: low, nadir: high - low <= FLAT * size ? low + size : high };
      return [key, isMaximised(key) ? { ideal: -ends.ideal, nadir: -ends.nadir } : ends];
    }),
  );
  const sumOf = ({ values, price }: Point, ends: ReadonlyMap<GoalKey, MixEnds>): number =>
    keys.reduce((sum, key) => {
      const { ideal, nadir } = ends.get(key)!;
      const value = isMaximised(key) ? -values[key] : values[key];
      return nadir === ideal ? sum : sum + (weights[key]! * (value - ideal)) / (nadir - ideal);
    }, price);
  return { table, deferred, leastSum: (ends) => Math.min(...kept.map((point) => sumOf(point, ends))) };
}

function lexicographicBest(points: readonly Point[], keys: readonly GoalKey[]): Point {
  let rest = points;
  for (const key of keys) {
    const priced = ({ values, price }: Point): number => values[key] + price;
    const least = rest.reduce((best, point) => Math.min(best, priced(point)), Infinity);
    rest = rest.filter((point) => priced(point) <= least + SLACK * Math.max(1, Math.abs(least)));
  }
  return rest[0]!;
}

function pointsOf(instance: Instance): Point[] {
  const points: Point[] = [];
  const { deferral } = instance;
  forEachPlan(instance, ({ values, agentOf }) => {
    const numDeferred = agentOf.filter((agent) => agent === DEFERRED).length;
    const price = deferral.kind === "priced" ? deferral.penalty * numDeferred : 0;
    const [deferred, success] = values.maximize_success as [number, number];
    points.push({
      ...{ deferred, price },
      values: {
        success: success - price,
        throughput: values.maximize_throughput[1]! - price,
        balance: values.balance_load[1]! - price,
        retries: values.minimize_retries[2]! - price,
        confidence: values.confidence_optimization[1]! - price,
        cost: values.minimize_cost[1]! - price,
      },
    });
  });
  return points;
}

function isMaximised(key: GoalKey): boolean {
  return key === "success" || key === "confidence";
}
