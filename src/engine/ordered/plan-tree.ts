import { type Assignment, compareGoals, DEFERRED, type Goal, type Instance } from "../../../models/index.js";
import { ExactSchedule } from "./exact-schedule.js";
import { PartialBounds } from "./partial-bounds.js";
import { PartialPlan } from "./partial-plan.js";
import { PlanDecoder } from "./plan-decoder.js";

/** Nodes between two yields. */
const SLICE_NODES = 64;
/** Ends that differ by less, relative to max(1, end), are equal: half of what comparisons of plans forgive. */
const TIE = 5e-10;

export interface PlanTreeOptions {
  readonly goals: readonly Goal[];
  /** Values of the best plan known, on the same goals; null while there is none. */
  readonly known: () => readonly number[] | null;
  /** What is proven of each goal for all plans that could be better than the best one known; null where nothing is. */
  readonly proven: () => readonly (number | null)[];
  readonly onPlan: (plan: Assignment) => void;
  readonly maxNodes: number;
  readonly shouldStop: () => boolean;
}

export interface PlanTreeOutcome {
  /** Whether every plan was looked at or ruled out: then none is better than the best one known. */
  readonly isExhausted: boolean;
  readonly numNodes: number;
}

/** Whether any assignment can be given start times: nothing then has to end by a time. */
export function isAlwaysInTime({ deadlineMs, timing }: Instance): boolean {
  return deadlineMs.every((at) => at === Infinity) && timing!.availableUntilMs.every((at) => at === Infinity);
}

/**
 * Exhaustive search over agents, slots where they matter, and deferrals of all tasks, in the order of dependencies, with a bound on each goal;
 * a complete choice is scheduled exactly. For a few tasks.
 */
export function* searchPlanTree(instance: Instance, options: PlanTreeOptions): Generator<void, PlanTreeOutcome> {
  const tree = new PlanTree(instance, options);
  const isExhausted = yield* tree.explore();
  return { isExhausted, numNodes: tree.numNodes };
}

class PlanTree {
  readonly #partial: PartialPlan;
  readonly #bounds: PartialBounds;
  readonly #schedule: ExactSchedule;
  readonly #decoder: PlanDecoder;
  readonly #needsSchedule: boolean;
  #numDecisions = 0;

  constructor(
    private readonly instance: Instance,
    private readonly options: PlanTreeOptions,
  ) {
    const { goals } = options;
    this.#partial = new PartialPlan(
      instance,
      goals.some(({ maxLoad, minLoad }) => maxLoad !== 0 || minLoad !== 0),
    );
    this.#bounds = new PartialBounds(this.#partial, goals);
    this.#schedule = new ExactSchedule(instance);
    this.#decoder = new PlanDecoder(instance, "earliest");
    this.#needsSchedule = !isAlwaysInTime(instance) || goals.some(({ makespan }) => makespan !== 0);
  }

  get numNodes(): number {
    return this.#numDecisions + this.#schedule.numNodes;
  }

  /** Whether all that could be better was looked at. */
  *explore(): Generator<void, boolean> {
    const { goals, known, maxNodes, shouldStop } = this.options;
    if (++this.#numDecisions % SLICE_NODES === 0) {
      yield;
      if (shouldStop()) return false;
    }
    if (this.numNodes > maxNodes) return false;
    const best = known();
    const hasZero = goals[0]?.name === "deferral";
    const bounds = this.#bounds.evaluate(hasZero && best !== null ? best[0]! : Infinity);
    if (bounds === null || (best !== null && !mayBeBetter(goals, this.#raise(bounds), best))) return true;
    const task = this.#partial.order[this.#partial.numDecided];
    if (task === undefined) return this.#schedulePlan(bounds);
    for (const choice of this.#partial.choices(task)) {
      this.#partial.decide(task, choice);
      const isExhausted = yield* this.explore();
      this.#partial.undo(task);
      if (!isExhausted) return false;
    }
    return true;
  }

  /** Bounds on a partial plan, minimised, or those of all plans where these are better. */
  #raise(bounds: readonly number[]): readonly number[] {
    const { goals, proven } = this.options;
    const all = proven();
    return bounds.map((bound, k) => {
      const other = all[k] ?? null;
      return other === null ? bound : Math.max(bound, goals[k]!.sense === "min" ? other : -other);
    });
  }

  /** Schedules a complete choice; false where that took too long. */
  #schedulePlan(bounds: readonly number[]): boolean {
    const { pairOf, slotOf, slotsMatter } = this.#partial;
    const { goals, known, onPlan, maxNodes } = this.options;
    if (!this.#needsSchedule && !slotsMatter) {
      this.#decoder.decode(this.#partial.order, pairOf);
      const isKept = this.#decoder.pairOf.every((pair, task) => pair === pairOf[task]);
      if (isKept) {
        onPlan(this.#decoder.toPlan());
        return true;
      }
    }
    const best = known();
    const isFirstEnough = goals.every(({ makespan }) => makespan === 0);
    const verdict = this.#schedule.solve(pairOf, slotsMatter ? slotOf : null, {
      below: isFirstEnough || best === null ? Infinity : endToBeat(goals, bounds, best),
      isFirstEnough,
      maxNodes: maxNodes - this.numNodes,
    });
    if (verdict === "spent") return false;
    if (verdict === "found") {
      const { pairAgent } = this.instance;
      onPlan({
        agentOf: pairOf.map((pair) => (pair === DEFERRED ? DEFERRED : pairAgent[pair]!)),
        slotOf: this.#schedule.slotOf.slice(),
        startMs: this.#schedule.startMs.slice(),
      });
    }
    return true;
  }
}

/** Whether a plan with these bounds can be better than the best one, goal by goal; bounds are minimised. */
function mayBeBetter(goals: readonly Goal[], bounds: readonly number[], best: readonly number[]): boolean {
  const asMin = (values: readonly number[]): number[] =>
    values.map((value, k) => (goals[k]!.sense === "min" ? value : -value));
  const minimised = goals.map((goal) => ({ ...goal, sense: "min" as const }));
  return compareGoals(minimised, bounds, asMin(best)) < 0;
}

/**
 * The end before which a schedule of a complete choice would be better than the best plan; its bounds are its values, but for the makespan.
 */
function endToBeat(goals: readonly Goal[], bounds: readonly number[], best: readonly number[]): number {
  for (const [k, goal] of goals.entries()) {
    const sign = goal.sense === "min" ? 1 : -1;
    const target = sign * best[k]!;
    if (goal.makespan === 0) {
      const scale = 1e-9 * Math.max(1, Math.abs(target));
      if (bounds[k]! < target - scale) return Infinity;
      continue;
    }
    if (!isPureMakespan(goal)) return Infinity;
    const rest = goals.slice(k + 1);
    const isEqualEnough = rest.length > 0 && mayBeBetter(rest, bounds.slice(k + 1), best.slice(k + 1));
    return isEqualEnough ? target + TIE * Math.max(1, target) : target;
  }
  return Infinity;
}

function isPureMakespan({ makespan, perPair, perDeferral, maxLoad, minLoad, chanced }: Goal): boolean {
  const isAlone = perPair === null && perDeferral === null && chanced === undefined && maxLoad === 0 && minLoad === 0;
  return makespan === 1 && isAlone;
}
