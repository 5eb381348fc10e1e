import type { PlanContext } from "./plan-context.js";
import { type Instance, mixModel, type MixPart, STRATEGY_MODELS, type StrategyModel } from "../../../models/index.js";
import { problemSha256Steps } from "../documents/problem-document.js";
import {
  breathe,
  type ChainOutcome,
  costOfLoadLimit,
  inTurn,
  loadLimitSteps,
  placeUrgentFirst,
  planNear,
  runChain,
  runInSlices,
  runMix,
  Session,
} from "../../engine/index.js";
import { customModel } from "../instance/custom-strategy.js";
import { buildInstance } from "../instance/build-instance.js";
import { type FullProblem, PACKAGE_VERSION, type SolveOptions, type SolveResult } from "../../domain/index.js";
import { replicationsFor } from "../forecast/simulate-schedule.js";
import { explainConflict } from "../explain/conflict.js";
import { explore } from "./explore.js";
import { buildResult } from "./result.js";
import { settleNear, stayReport, type StayRequest } from "./stay.js";

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
  const { stay, custom } = context;
  const { model, mixParts, settled, without } = await settle(
    session,
    instance,
    options,
    stay,
    custom && customModel(custom, problem),
  );
  const base = await placeUrgentFirst(session, settled);
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

interface Settled {
  readonly settled: ChainOutcome;
  /** What was found without looking at a plan before; null where that was not asked. */
  readonly without: ChainOutcome | null;
  readonly model: StrategyModel;
  /** The payoff table of a mix; null for any other strategy. */
  readonly mixParts: readonly MixPart[] | null;
}

/** The plan of the chain; where a plan to stay near is given, one near that. */
async function settle(
  session: Session,
  instance: Instance,
  { strategy, weights }: SolveOptions,
  stay: StayRequest | undefined,
  custom: StrategyModel | undefined,
): Promise<Settled> {
  const model = custom ?? (strategy === "mix" ? null : STRATEGY_MODELS[strategy]);
  if (model !== null) {
    const near = await settleNear(session, instance, stay, {
      quickly: (wish) => planNear(session, instance, model, wish),
      wholly: async () => ({ model, outcome: await runChain(session, instance, model) }),
    });
    return { ...near, model, mixParts: null };
  }
  let parts: readonly MixPart[] = [];
  const near = await settleNear(session, instance, stay, {
    wholly: async () => {
      const found = await runMix(session, instance, weights);
      parts = found.parts;
      return found;
    },
  });
  return { ...near, model: mixModel(parts), mixParts: parts };
}
