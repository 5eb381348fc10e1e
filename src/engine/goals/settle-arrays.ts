import { evaluateCapacityPrices } from "../bounds/capacity-prices.js";
import { evaluateTaskPrices } from "../bounds/evaluate-task-prices.js";
import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import { WorkMeter } from "../bounds/work-meter.js";
import { withDeferral } from "../bounds/with-deferral.js";
import { monotonicNowMs } from "../threads/clock.js";
import type { ArraysAnswer, ArraysNews, ArraysProof, ArraysStage, ArraysTask } from "./arrays-task.js";
import { type EngineOptions, type EngineOutcome, solveAssignment } from "../assignment/assignment-engine.js";
import { firstIncumbent } from "../assignment/first-incumbent.js";
import { LARGE_PAIRS, solveLargeAssignment } from "../assignment/large-assignment.js";
import { settleArraysMakespan } from "./settle-arrays-makespan.js";

/** Shares of the expected work: of a first look for a plan that defers nothing, and of finding how little must be deferred. */
const SHARE = { look: 0.2, deferral: 0.4 } as const;
/** Rounding forgiven in sums of weights, relative. */
const WEIGHT_SLACK = 1e-9;

/** Searches and proves one goal on arrays, synchronously: call it in a worker thread. */
export function settleArrays(task: ArraysTask, onNews: (news: ArraysNews) => void): ArraysAnswer {
  const meter = new WorkMeter(task.workLimit, () => monotonicNowMs() >= task.deadlineMs);
  if (task.timing !== null) return settleArraysMakespan(task, task.timing, meter, onNews);
  return new ArraysSettling(task, meter, onNews).run();
}

class ArraysSettling {
  readonly #stages: ArraysStage[] = [];

  constructor(
    private readonly task: ArraysTask,
    private readonly meter: WorkMeter,
    private readonly onNews: (news: ArraysNews) => void,
  ) {}

  run(): ArraysAnswer {
    const { problem, weight, expectedWork } = this.task;
    if (weight === null) return this.#settle(problem, {}, true);
    const start = firstIncumbent(problem, {
      seed: this.task.seed,
      meter: this.meter,
      workLimit: SHARE.look * expectedWork,
    });
    if (start !== null) {
      this.#stages.push({
        stage: "deferral",
        value: 0,
        bound: 0,
        note: "a plan that defers nothing that can be placed",
      });
      return this.#settle(problem, { start }, true);
    }
    return this.#deferLeast(weight);
  }

  /** Goal zero first: how much weight must be deferred; then the goal, with no more deferred than that. */
  #deferLeast(weight: Float64Array): ArraysAnswer {
    const { problem, expectedWork, seed } = this.task;
    const counted = withDeferral(problem, weight, { room: Infinity, isCounted: true });
    const work = Math.ceil(SHARE.deferral * expectedWork);
    const meter = partOf(this.meter, work);
    const zero = solve(counted, { seed, meter, expectedWork: work });
    const note = `tasks that cannot all be placed; ${zero.stage}`;
    this.#stages.push({ stage: "deferral", value: finite(zero.cost), bound: finite(zero.bound), note });
    if (zero.agentOf === null) {
      return { ...this.#nothing(), work: this.meter.used, wasStopped: this.meter.wasStopped, stages: this.#stages };
    }
    const slack = weight.every(Number.isInteger) ? 0 : WEIGHT_SLACK * Math.max(1, zero.cost);
    const limited = withDeferral(problem, weight, { room: zero.cost + slack, isCounted: false });
    return this.#settle(limited, { start: zero.agentOf }, zero.bound >= zero.cost - slack);
  }

  #nothing(): Pick<ArraysAnswer, "agentOf" | "bound" | "isDeferralProven" | "proof"> {
    return { agentOf: null, bound: -Infinity, isDeferralProven: false, proof: null };
  }

  #settle(problem: GeneralizedAssignment, { start }: { start?: Int32Array }, isDeferralProven: boolean): ArraysAnswer {
    const { task, meter } = this;
    const outcome = solve(problem, {
      seed: task.seed,
      meter,
      expectedWork: Math.max(0, task.expectedWork - meter.used),
      gap: task.gap,
      ...(start === undefined ? {} : { start }),
      listener: {
        onIncumbent: (agentOf, value, stage) =>
          this.onNews({ kind: "incumbent", stage, agentOf: this.#withoutDeferral(agentOf), value }),
        onBound: (bound, stage) => this.onNews({ kind: "bound", stage, bound }),
      },
    });
    const { agentOf, bound, cost, stage } = outcome;
    this.#stages.push({ stage: "goal", value: finite(cost), bound: finite(bound), note: `ended in ${stage}` });
    return {
      agentOf: agentOf === null ? null : this.#withoutDeferral(agentOf),
      bound,
      isDeferralProven,
      proof: bestProof(problem, outcome, task.problem.numAgents),
      work: meter.used,
      wasStopped: meter.wasStopped,
      stages: this.#stages,
    };
  }

  #withoutDeferral(agentOf: Int32Array): Int32Array {
    const { numAgents } = this.task.problem;
    return agentOf.map((agent) => (agent === numAgents ? -1 : agent));
  }
}

function solve(problem: GeneralizedAssignment, options: EngineOptions): EngineOutcome {
  const isLarge = problem.pairAgent.length >= LARGE_PAIRS;
  return isLarge ? solveLargeAssignment(problem, options) : solveAssignment(problem, options);
}

/** The stronger of the two proofs by multipliers that a search leaves, evaluated afresh. */
function bestProof(
  problem: GeneralizedAssignment,
  { prices, lambda }: EngineOutcome,
  numAgents: number,
): ArraysProof | null {
  const isWhole = problem.cost.every(Number.isInteger);
  const roundUp = (bound: number): number => (isWhole ? Math.ceil(bound - 1e-6) : bound);
  const byPrices = roundUp(evaluateCapacityPrices(problem, prices));
  const byTasks = lambda === null ? -Infinity : roundUp(evaluateTaskPrices(problem, lambda));
  if (byTasks > byPrices && Number.isFinite(byTasks)) {
    return { kind: "task_prices", multipliers: lambda!, deferralPrice: null, bound: byTasks };
  }
  if (!Number.isFinite(byPrices)) return null;
  const deferralPrice = problem.numAgents > numAgents ? prices[numAgents]! : null;
  return { kind: "capacity_prices", multipliers: prices.slice(0, numAgents), deferralPrice, bound: byPrices };
}

/** A meter for a part of the work, which is counted on the whole as it is done. */
function partOf(whole: WorkMeter, limit: number): WorkMeter {
  let reported = 0;
  const part: WorkMeter = new WorkMeter(limit, () => {
    whole.spend(part.used - reported);
    reported = part.used;
    return whole.isSpent();
  });
  return part;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
