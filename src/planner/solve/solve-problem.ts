import type { PlanContext } from "./plan-context.js";
import {
  type Assignment,
  type Instance,
  mixModel,
  type MixPart,
  STRATEGY_MODELS,
  type StrategyModel,
} from "../../../models/index.js";
import { beginSha256 } from "../documents/begin-sha256.js";
import {
  breathe,
  type ChainOutcome,
  costOfLoadLimit,
  inTurn,
  loadLimitSteps,
  placeUrgentFirst,
  placeMost,
  plansInHand,
  planNear,
  type AppliedLimits,
  runChain,
  runInSlices,
  runMix,
  Session,
} from "../../engine/index.js";
import { customModel } from "../instance/custom-strategy.js";
import { instanceSteps } from "../instance/build-instance.js";
import { type FullProblem, PACKAGE_VERSION, type SolveOptions, type SolveResult } from "../../domain/index.js";
import { closingMs } from "./closing-time.js";
import { heuristicPlans } from "../heuristics/heuristic-plans.js";
import { explainConflict } from "../explain/conflict.js";
import { explore } from "./explore.js";
import { buildResult, type SolveFacts } from "./result.js";
import { countStrangers, settleNear, stayReport, type StayRequest, stayWish } from "./stay.js";

/**
 * Plans one filled wave: instance → load limits → goals of the strategy one after another → exploration,
 * where asked for → result document. Limits, aborts and infeasibility are results.
 *
 * @throws InputError where the plan to stay near is of another wave
 */
export async function solveProblem(
  problem: FullProblem,
  options: SolveOptions,
  context: PlanContext,
): Promise<SolveResult> {
  // The rest of a wave may hold nothing any more of the plan that it stays near.
  if (context.stay !== undefined && context.stay.isQuick !== true) countStrangers(context.stay, problem, "plan");
  return inTurn(options, context, async (timed) => {
    const session = new Session(options, timed);
    const prepared = await prepare(session, problem, timed);
    const result = await buildResult(session, await planProblem(session, problem, prepared, timed));
    const { value, bound, gap } = result.objective;
    session.reportEnd(result.termination, { value, bound, gap });
    return result;
  });
}

interface Prepared {
  readonly sha256: () => Promise<string>;
  readonly unlimited: Instance;
  readonly limits: AppliedLimits;
}

/** What comes before the search; how long it takes tells how long the work after the search will. */
async function prepare(session: Session, problem: FullProblem, { onInstance, clock }: PlanContext): Promise<Prepared> {
  // Before the search, which then gets what is left: after it, a large document would take the solve past its limit.
  const sha256 = await beginSha256(problem);
  await breathe();
  const sinceMs = clock();
  const unlimited = await runInSlices(instanceSteps(problem, session.options));
  await breathe();
  const limits = await runInSlices(loadLimitSteps(unlimited, session.options.loadLimit));
  onInstance?.(limits.instance);
  session.budget.reserveClosing(closingMs(limits, clock() - sinceMs, session.options.timeLimitMs));
  return { sha256, unlimited, limits };
}

async function planProblem(
  session: Session,
  problem: FullProblem,
  { sha256, unlimited, limits }: Prepared,
  context: PlanContext,
): Promise<SolveFacts> {
  const { options } = session;
  const { instance } = limits;
  const { stay, custom } = context;
  const { model, mixParts, settled, without } = await settle(
    session,
    { problem, limits },
    options,
    stay,
    custom && customModel(custom, problem),
  );
  const base = await placeUrgentFirst(session, settled, stay === undefined ? null : stayWish(instance, stay));
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
  return {
    ...{ problem, limits, limitCost, outcome, context, exploration, mixParts, conflict, sha256, solverVersions },
    stay: stay === undefined || outcome.plan === null ? null : stayReport(stay, without, instance, outcome.plan),
  };
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
  { problem, limits }: { readonly problem: FullProblem; readonly limits: AppliedLimits },
  { strategy, weights, seed }: SolveOptions,
  stay: StayRequest | undefined,
  custom: StrategyModel | undefined,
): Promise<Settled> {
  const { instance } = limits;
  const placing = (): Promise<readonly Assignment[]> =>
    placeMost(session, instance, () => plansOf(heuristicPlans(problem, instance, [], seed)));
  const model = custom ?? (strategy === "mix" ? null : STRATEGY_MODELS[strategy]);
  if (model !== null) {
    const near = await settleNear(session, instance, stay, {
      quickly: (wish) => planNear(session, instance, model, wish),
      wholly: async () => {
        const candidates = [...plansInHand(session, limits, model), ...(await placing())];
        return { model, outcome: await runChain(session, instance, model, { withSecond: true, candidates }) };
      },
    });
    return { ...near, model, mixParts: null };
  }
  let parts: readonly MixPart[] = [];
  const near = await settleNear(session, instance, stay, {
    wholly: async () => {
      const found = await runMix(session, instance, weights, await placing());
      parts = found.parts;
      return found;
    },
  });
  return { ...near, model: mixModel(parts), mixParts: parts };
}

function* plansOf(found: Iterable<{ readonly plan: Assignment }>): Generator<Assignment, void> {
  for (const { plan } of found) yield plan;
}
