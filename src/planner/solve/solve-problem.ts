import type { PlanContext } from "./plan-context.js";
import { type Instance, mixModel, type MixPart, STRATEGY_MODELS, type StrategyModel } from "../../../models/index.js";
import { problemSha256Steps } from "../documents/problem-document.js";
import {
  breathe,
  buildPayoff,
  costOfLoadLimit,
  inTurn,
  loadLimitSteps,
  placeUrgentFirst,
  runInSlices,
  Session,
} from "../../engine/index.js";
import { buildInstance } from "../instance/build-instance.js";
import { type FullProblem, PACKAGE_VERSION, type SolveOptions, type SolveResult } from "../../domain/index.js";
import { replicationsFor } from "../forecast/simulate-schedule.js";
import { explainConflict } from "../explain/conflict.js";
import { explore } from "./explore.js";
import { buildResult } from "./result.js";
import { planWith, stayReport } from "./stay.js";

/**
 * Plans one filled wave: instance → load limits → goals of the strategy one after another → exploration,
 * where asked for → result document. Limits, aborts and infeasibility are results; only bugs are errors.
 */
export function solveProblem(problem: FullProblem, options: SolveOptions, context: PlanContext): Promise<SolveResult> {
  return inTurn(options, context, (timed) => planProblem(problem, options, timed));
}

async function planProblem(problem: FullProblem, options: SolveOptions, context: PlanContext): Promise<SolveResult> {
  const session = new Session(options, context);
  const unlimited = buildInstance(problem, options);
  await breathe();
  // Before the search, which then gets what is left: after it, a large document would take the solve past its limit.
  const sha256 = await runInSlices(problemSha256Steps(problem));
  const limits = await runInSlices(loadLimitSteps(unlimited, options.loadLimit));
  const { instance } = limits;
  context.onInstance?.(instance);
  session.budget.reserveClosing(closingMs(instance));
  const mixParts = options.strategy === "mix" ? await payoffOf(session, instance) : null;
  const model = modelOf(options, mixParts);
  const { stay } = context;
  const { near, without } = await planWith(session, instance, model, stay);
  const base = await placeUrgentFirst(session, near);
  const { outcome, exploration } = await explore(session, { problem, model, base, context });
  const limitCost = await costOfLoadLimit(session, unlimited, outcome);
  const conflict = outcome.isInfeasible ? await explainConflict(session, problem, instance) : null;
  const solverVersions = {
    ...Object.fromEntries(Object.values(session.solvers).map(({ name, version }) => [name, version])),
    greedy: PACKAGE_VERSION,
    lagrangian: PACKAGE_VERSION,
    engine: PACKAGE_VERSION,
    "branch-and-bound": PACKAGE_VERSION,
  };
  const result = await buildResult(session, {
    ...{ problem, limits, limitCost, outcome, context, exploration, mixParts, conflict, sha256, solverVersions },
    stay: stay === undefined || outcome.plan === null ? null : stayReport(stay, without, instance, outcome.plan),
  });
  const { value, bound, gap } = result.objective;
  session.reportEnd(result.termination, { value, bound, gap });
  return result;
}

/** What the work after the search takes about: a schedule, its simulation and the document. Measured, with a margin. */
function closingMs({ numTasks, numPairs }: Instance): number {
  return 3 + 3e-4 * replicationsFor(numTasks) * numTasks + 3e-4 * numPairs;
}

/** No payoff table means no plan for some goal: the mix of nothing then finds the same, and says so. */
async function payoffOf(session: Session, instance: Instance): Promise<readonly MixPart[]> {
  return (await buildPayoff(session, instance, session.options.weights)) ?? [];
}

function modelOf(options: SolveOptions, mixParts: readonly MixPart[] | null): StrategyModel {
  return options.strategy === "mix" ? mixModel(mixParts ?? []) : STRATEGY_MODELS[options.strategy];
}
