import type { InstanceArrays } from "../../../../models/index.js";
import {
  type ArraysAnswer,
  type ArraysNews,
  type ArraysTask,
  type ArraysView,
  LOOKS_PER_MOVE,
  meets,
  monotonicNowMs,
  type Session,
  settleArraysInThread,
} from "../../../engine/index.js";
import type { ArraysCertificate, Limit } from "../../../domain/index.js";
import { packLongestFirst } from "./longest-first.js";
import type { ArraysOutcome } from "./outcome.js";

/** Share of the time limit whose usual work is reckoned with; how many inner steps a millisecond does, measured. */
const DEFAULT_TIME_SHARE = 0.9;
const STEPS_PER_MS = 8e4;
/** What is kept of the time limit for counting the result: fixed, and for each pair. */
const RESERVE_MS = 10;
const RESERVE_MS_PER_PAIR = 6e-5;

/** Solves arrays in a worker thread of the engine, which shares them. */
export async function solveByKernels(
  session: Session,
  arrays: InstanceArrays,
  view: ArraysView,
): Promise<ArraysOutcome> {
  const { options, context } = session;
  const since = context.clock();
  const { problem, timing, weight, taskOf } = view;
  if (arrays.noDefer === true && taskOf.length < arrays.numTasks) return withoutPairs(session, since);
  const reserveMs = RESERVE_MS + RESERVE_MS_PER_PAIR * problem.pairAgent.length;
  const remainingMs = Math.max(0, session.budget.remainingMs() - reserveMs);
  const stepsLeft = session.budget.movesLeft() * LOOKS_PER_MOVE;
  const expectedWork = Math.min(stepsLeft, DEFAULT_TIME_SHARE * remainingMs * STEPS_PER_MS);
  const task: ArraysTask = {
    problem,
    timing,
    weight: arrays.noDefer === true ? null : weight,
    seed: options.seed,
    workLimit: stepsLeft,
    expectedWork,
    deadlineMs: monotonicNowMs() + remainingMs,
    gap: options.gap,
  };
  session.watch({ ...view.goal, perPair: null, perDeferral: null, makespan: 0, maxLoad: 0, minLoad: 0, constant: 0 });
  const heard = new Heard(session, view);
  const ending = await settleArraysInThread(task, remainingMs, context.signal, heard.hear);
  switch (ending.kind) {
    case "failed":
      throw new Error(`the engine's thread failed: ${ending.message}`);
    case "killed":
      record(
        session,
        view,
        [{ stage: "goal", value: heard.value, bound: heard.bound, note: "ended by the clock" }],
        ending.limit,
        since,
      );
      return outcomeOf(arrays, view, heard.asAnswer(), ending.limit);
    case "answer": {
      const { answer } = ending;
      const limit: Limit = answer.wasStopped ? "time" : "work";
      session.budget.spend(answer.work / LOOKS_PER_MOVE);
      if (answer.wasStopped) session.budget.noteClock();
      const outcome = outcomeOf(arrays, view, answer, limit);
      record(session, view, answer.stages, outcome.limit, since);
      return outcome;
    }
  }
}

/** A task that no agent can take, and deferral is forbidden. */
function withoutPairs(session: Session, since: number): ArraysOutcome {
  const note = "a task without any eligible agent, and deferral is forbidden";
  session.record({ stage: "deferral", solver: "engine", termination: "infeasible", note }, since);
  return { termination: "infeasible", limit: null, agentOf: null, slotOf: null, bound: null, certificate: null };
}

/** Records the stages; those of the goal in its own sense. */
function record(
  session: Session,
  { goal }: ArraysView,
  stages: ArraysAnswer["stages"],
  limit: Limit | null,
  since: number,
): void {
  for (const one of stages) {
    const { stage, note } = one;
    const sign = stage === "goal" && goal.sense === "max" ? -1 : 1;
    const [value, bound] = [one.value, one.bound].map((each) => (each === null ? null : sign * each)) as [
      number | null,
      number | null,
    ];
    const isMet = value !== null && bound !== null && meets(value, bound);
    const termination = value === null ? "no_solution" : isMet ? "optimal" : "feasible";
    session.record({ stage, solver: "engine", termination, limit: isMet ? null : limit, value, bound, note }, since);
  }
}

function outcomeOf(
  arrays: InstanceArrays,
  { goal, taskOf }: ArraysView,
  {
    agentOf: agents,
    bound,
    isDeferralProven,
    proof,
  }: Pick<ArraysAnswer, "agentOf" | "bound" | "isDeferralProven" | "proof">,
  limit: Limit,
): ArraysOutcome {
  const sign = goal.sense === "min" ? 1 : -1;
  if (agents === null) {
    const isInfeasible = bound === Infinity && arrays.noDefer === true;
    const termination = isInfeasible ? "infeasible" : "no_solution";
    return {
      ...{ termination, limit: isInfeasible ? null : limit, agentOf: null, slotOf: null, certificate: null },
      bound: Number.isFinite(bound) ? sign * bound : null,
    };
  }
  const agentOf = new Int32Array(arrays.numTasks).fill(-1);
  taskOf.forEach((task, k) => (agentOf[task] = agents[k]!));
  return {
    termination: isDeferralProven ? "optimal" : "feasible",
    limit,
    agentOf,
    slotOf: packLongestFirst(arrays, agentOf),
    bound: Number.isFinite(bound) ? sign * bound : null,
    certificate: proof === null ? null : certificateOf(arrays, taskOf, proof, sign),
  };
}

/** Multipliers of tasks by the numbers of the arrays. */
function certificateOf(
  { numTasks }: InstanceArrays,
  taskOf: Int32Array,
  { kind, multipliers, deferralPrice, bound }: NonNullable<ArraysAnswer["proof"]>,
  sign: number,
): ArraysCertificate | null {
  if (!Number.isFinite(bound)) return null;
  if (kind !== "task_prices") return { kind, multipliers, deferralPrice, bound: sign * bound };
  const ofTask = new Float64Array(numTasks);
  taskOf.forEach((task, k) => (ofTask[task] = multipliers[k]!));
  return { kind, multipliers: ofTask, deferralPrice, bound: sign * bound };
}

/** What has been heard so far; stays good where the thread is killed. */
class Heard {
  value: number | null = null;
  bound: number | null = null;
  #agentOf: Int32Array | null = null;

  constructor(
    private readonly session: Session,
    private readonly view: ArraysView,
  ) {}

  readonly hear = (news: ArraysNews): void => {
    const sign = this.view.goal.sense === "min" ? 1 : -1;
    if (news.kind === "incumbent") {
      this.#agentOf = news.agentOf;
      this.value = news.value;
      this.session.report("incumbent", news.stage, { value: sign * news.value });
    } else if (Number.isFinite(news.bound)) {
      this.bound = news.bound;
      this.session.report("bound", news.stage, { bound: sign * news.bound });
    }
  };

  asAnswer(): Pick<ArraysAnswer, "agentOf" | "bound" | "isDeferralProven" | "proof"> {
    return { agentOf: this.#agentOf, bound: this.bound ?? -Infinity, isDeferralProven: false, proof: null };
  }
}
