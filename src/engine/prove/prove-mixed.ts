import {
  type Assignment,
  evaluateForm,
  type GoalForm,
  type Instance,
  isTimed,
  makespanMs,
  maxLoadMs,
} from "../../../models/index.js";
import { relativeGap } from "../bounds/gap.js";
import { LOOKS_PER_MOVE } from "../budget/budget.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import { packSlots } from "../sequencing/pack-slots.js";
import type { GoalAnswer, GoalNews, GoalTask } from "./goal-task.js";
import { isLarge } from "./large.js";
import { boundLinearGoal } from "./prove-linear.js";

/** Moves of the first solve under a limit. With half or twice as many bounds are lower. Measured. */
const FIRST_MOVES = 16_000;
/** Each later solve under the same limit takes so many times the moves, and is expected to gain so much less. Measured. */
const GROWTH = 2;
/** Moves that are made in the time that a solve takes beside its own. Measured. */
const MOVES_PER_SOLVE = 200;
/** What a cut may gain at least, beside the value of the plan. */
const LEAST_GAIN = 1e-9;
const STAGE = "limits of the time";
/** Share of a time by which a stretch ends before the first time at which no plan is better: no more than rounding is worth. */
const ROUNDING = 1e-10;

/** Whether the goal is a sum over pairs and one time, minimised, and small enough to be solved under many limits of that time. */
export function canProveMixed({ instance, goal, settled }: Pick<GoalTask, "instance" | "goal" | "settled">): boolean {
  if (goal.sense !== "min" || goal.perPair === null || costOfTime(instance, goal) === null) return false;
  return !isLarge(instance) && settled.every((one) => !isTimed(one.goal));
}

/** What a millisecond of the one time costs; null where the goal has none, or two that may differ. */
function costOfTime({ availableFromMs }: Instance, { makespan, maxLoad, minLoad }: GoalForm): number | null {
  if (minLoad !== 0 || makespan < 0 || maxLoad < 0 || makespan + maxLoad === 0) return null;
  const areSame = makespan === 0 || maxLoad === 0 || availableFromMs.every((from) => from === 0);
  return areSame ? makespan + maxLoad : null;
}

/** Plans whose time is after `from` and no later than `to`: the sum over their pairs is at least `sum`. */
interface Stretch {
  from: number;
  to: number;
  sum: number;
  /** What the next solve under the limit `to` is expected to raise the sum by. */
  gain: number;
  /** Moves of that solve. */
  moves: number;
}

/**
 * Settles a goal that is a sum over pairs and one time, f(x) + c · T(x): under a limit of the time the sum alone is an assignment problem, whose
 * capacities are the limit. A plan with from < T ≤ to costs at least c · from + min { f(x) : T(x) ≤ to }, so that stretches of times which are cut
 * finer and finer bound the goal (the ε-constraint method: Haimes, Lasdon, Wismer, IEEE Trans. SMC 1, 1971), and the plans under the limits are plans of
 * the goal. The stretch whose bound is lowest comes first: it is cut in two, or its sum is solved with more moves.
 */
export function proveMixedGoal(task: GoalTask, meter: WorkMeter, onNews: (news: GoalNews) => void): GoalAnswer {
  const sweep = new Sweep(task, meter, onNews);
  while (!meter.isSpent() && !sweep.isNearEnough() && sweep.advance());
  return {
    plan: sweep.plan,
    bound: sweep.bound,
    isInfeasible: sweep.bound === Infinity,
    certificate: null,
    openLevel: null,
    moves: meter.used / LOOKS_PER_MOVE,
    isSpent: meter.isSpent(),
    wasStopped: meter.wasStopped,
    note: `${sweep.numSolves} ${STAGE}`,
  };
}

class Sweep {
  /** The best plan known here; null where there is none. */
  plan: Assignment | null = null;
  numSolves = 0;
  readonly #sum: GoalForm;
  readonly #costOfTime: number;
  #stretches: Stretch[] = [{ from: 0, to: Infinity, sum: -Infinity, gain: Infinity, moves: FIRST_MOVES }];
  #value = Infinity;
  #bound = -Infinity;

  constructor(
    private readonly task: GoalTask,
    private readonly meter: WorkMeter,
    private readonly onNews: (news: GoalNews) => void,
  ) {
    const { instance, goal, start } = task;
    this.#sum = { ...goal, makespan: 0, maxLoad: 0 };
    this.#costOfTime = costOfTime(instance, goal)!;
    const plan = start === null ? null : packSlots(instance, start);
    if (plan !== null) this.#take(plan);
  }

  /** No plan costs less: the value of the best one once all stretches are closed, Infinity where there is none at all. */
  get bound(): number {
    return this.#bound;
  }

  /** Whether the plan is as close to the bound as the task asks. */
  isNearEnough(): boolean {
    const { gap, goal } = this.task;
    return gap > 0 && this.plan !== null && relativeGap(goal, this.#value, this.#bound) <= gap;
  }

  /** Cuts or solves the stretch with the lowest bound; false once none is open, or the lowest cannot be raised. */
  advance(): boolean {
    const stretch = this.#lowest();
    if (stretch === null) return false;
    // Cutting in two raises the bound of the later half by half of what the stretch's length costs.
    const gainOfCut = (this.#costOfTime * (stretch.to - stretch.from)) / 2;
    const size = this.plan === null ? 1 : Math.max(1, Math.abs(this.#value));
    if (Math.max(gainOfCut, stretch.gain) <= LEAST_GAIN * size) return false;
    if (gainOfCut < Infinity && gainOfCut > stretch.gain) this.#cut(stretch);
    else this.#solve(stretch);
    this.#close();
    const bound = Math.min(this.#value, this.#boundOf(this.#lowest()));
    if (bound > this.#bound && bound < Infinity) this.onNews({ kind: "bound", stage: STAGE, bound });
    this.#bound = Math.max(this.#bound, bound);
    return true;
  }

  #lowest(): Stretch | null {
    let lowest: Stretch | null = null;
    for (const one of this.#stretches) if (lowest === null || this.#boundOf(one) < this.#boundOf(lowest)) lowest = one;
    return lowest;
  }

  #boundOf(stretch: Stretch | null): number {
    return stretch === null ? Infinity : this.#costOfTime * stretch.from + stretch.sum;
  }

  /** Puts a limit in the middle of a stretch. */
  #cut(stretch: Stretch): void {
    const middle = (stretch.from + stretch.to) / 2;
    const moves = Math.max(FIRST_MOVES, stretch.moves / GROWTH);
    const earlier: Stretch = { ...stretch, to: middle, gain: Infinity, moves };
    this.#stretches.push(earlier);
    stretch.from = middle;
    this.#solve(earlier);
  }

  /** The sum alone under the limit of a stretch. */
  #solve(stretch: Stretch): void {
    const { task, meter, plan } = this;
    const { moves } = stretch;
    const part = meter.part(moves * LOOKS_PER_MOVE);
    const isWithin = plan !== null && this.#timeOf(plan) <= stretch.to;
    const limited = {
      instance: withLimit(task.instance, task.goal, stretch.to),
      goal: this.#sum,
      start: isWithin ? plan.agentOf : null,
      ...{ maxMoves: moves, expectedMoves: moves, gap: 0 },
    };
    const found = boundLinearGoal({ ...task, ...limited }, part);
    meter.spend(part.used + MOVES_PER_SOLVE * LOOKS_PER_MOVE);
    this.numSolves += 1;
    stretch.moves *= GROWTH;
    stretch.gain = Math.max(0, found.bound - stretch.sum) / GROWTH;
    // What no plan within a limit does better, none does within a smaller one.
    for (const one of this.#stretches) if (one.to <= stretch.to) one.sum = Math.max(one.sum, found.bound);
    if (found.plan !== null) this.#take(found.plan);
  }

  #take(plan: Assignment): void {
    const { instance, goal } = this.task;
    const value = evaluateForm(instance, goal, plan);
    if (value >= this.#value) return;
    [this.plan, this.#value] = [plan, value];
    this.onNews({ kind: "incumbent", stage: STAGE, plan, value });
  }

  #timeOf(plan: Assignment): number {
    const { instance, goal } = this.task;
    return goal.makespan > 0 ? makespanMs(instance, plan) : maxLoadMs(instance, plan);
  }

  /** Takes from the stretches the times from which on no plan is better than the best one. */
  #close(): void {
    for (const one of this.#stretches) {
      const first = (this.#value - one.sum) / this.#costOfTime;
      if (first < one.to) one.to = first * (1 - ROUNDING);
    }
    this.#stretches = this.#stretches.filter(({ from, to, sum }) => from < to && sum < Infinity);
  }
}

/** The instance where every slot ends by a time, or is busy for no longer. */
function withLimit(instance: Instance, { makespan }: GoalForm, limitMs: number): Instance {
  const { loadLimitMs, availableFromMs } = instance;
  const roomOf = (agent: number): number => Math.max(0, limitMs - (makespan > 0 ? availableFromMs[agent]! : 0));
  return { ...instance, loadLimitMs: loadLimitMs.map((own, agent) => Math.min(own, roomOf(agent))) };
}
