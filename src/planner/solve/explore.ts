import {
  type Assignment,
  findViolations,
  type Goal,
  type Instance,
  isTimed,
  type StrategyModel,
} from "../../../models/index.js";
import {
  type ChainOutcome,
  meets,
  packSlots,
  restartPlan,
  runChain,
  type Session,
  withPlan,
} from "../../engine/index.js";
import { type ExplorationReport, type FullProblem, ModelError } from "../../domain/index.js";
import type { PlanContext } from "./plan-context.js";
import { explorationCost } from "../verify/exploration-cost.js";
import { highRiskTasks, holdTasks, isSameInstance, movedTasks, placeOf, sampleInstance } from "./explored-instance.js";

/** How much of the drawn deviations is kept, tried in this order until the plan costs no more than the cap. */
const SCALES = [1, 1 / 2, 1 / 4, 1 / 8, 1 / 16] as const;
/** Share of the default efforts of a goal: a plan for drawn numbers need not be the last word on them. */
const EFFORT = 0.5;

interface BasePlan {
  readonly problem: FullProblem;
  readonly model: StrategyModel;
  /** What the chain came to under the mean estimates. */
  readonly base: ChainOutcome;
  readonly context: Pick<PlanContext, "sample" | "wave">;
}

interface Explored {
  readonly outcome: ChainOutcome;
  /** Null where exploration was not asked for, or there is no plan to compare with. */
  readonly exploration: ExplorationReport | null;
}

/**
 * Exchanges the base plan for one to learn from, where `exploration` allows it to cost something: the best plan for
 * estimates drawn from their posterior (Thompson sampling), evaluated under the mean estimates. Where it costs more than
 * the cap, the drawn deviations are halved, and so on; the base plan costs nothing. HIGH tasks stay where the base plan
 * has them unless `exploreHighRisk`; no goal before the first gets worse, and no limit is broken. At most five more chains.
 */
export async function explore(session: Session, given: BasePlan): Promise<Explored> {
  const { base } = given;
  const { exploration: cap } = session.options;
  if (cap === 0 || base.plan === null) return { outcome: base, exploration: null };
  const found = await findPlan(session, given, base.plan);
  const plan = found?.plan ?? base.plan;
  return {
    outcome: found === null ? base : withPlan(base, plan),
    exploration: {
      cap,
      cost: found?.cost ?? 0,
      scale: found?.scale ?? 0,
      tasks_moved: movedTasks(plan, base.plan).length,
      base_plan: differingPlaces(base.instance, plan, base.plan),
    },
  };
}

interface FoundPlan {
  readonly plan: Assignment;
  readonly cost: number;
  readonly scale: number;
}

async function findPlan(session: Session, given: BasePlan, basePlan: Assignment): Promise<FoundPlan | null> {
  const { base, problem, model } = given;
  const { seed, riskAversion, exploreHighRisk, exploration: cap } = session.options;
  const { sample, wave = null } = given.context;
  if (sample === undefined) throw new ModelError("exploration was asked for without a sampler of the estimates");
  const held = exploreHighRisk ? new Set<number>() : highRiskTasks(problem);
  const timed = isTimed(base.goals[base.firstIndex]!);
  for (const scale of SCALES) {
    if (isOver(session)) return null;
    const sampled = sample({ seed, wave, scale });
    const drawn = sampleInstance(base.instance, { problem, sampled, riskAversion, isTimed: timed });
    if (isSameInstance(drawn, base.instance)) return null;
    const plan = await solveDrawn(session, holdTasks(drawn, held, basePlan), model, scale);
    if (plan === null) continue;
    const candidates = plansUnderMeans(base.instance, plan, timed);
    const costs = candidates.map((one) => (one === null ? Infinity : costOf(one, given, basePlan, held)));
    const cost = Math.min(...costs);
    if (cost <= cap) return { plan: candidates[costs.indexOf(cost)]!, cost, scale };
  }
  return null;
}

/** The plan for drawn numbers where the mean numbers hold: at other times, or on other slots. */
function plansUnderMeans(instance: Instance, plan: Assignment, isTimedFirst: boolean): (Assignment | null)[] {
  if (instance.timing !== null) return [restartPlan(instance, plan)];
  return isTimedFirst ? [plan, packSlots(instance, plan.agentOf)] : [plan];
}

/** Whether a limit leaves nothing for exploring; the record says so. */
function isOver(session: Session): boolean {
  const struck = session.budget.struckLimit() ?? (session.budget.movesLeft() === 0 ? "work" : null);
  if (struck === null) return false;
  const note = "left out: the search for the best plan used up what there was";
  const attempt = { stage: "explore", solver: "engine", termination: "no_solution", limit: struck, note } as const;
  session.record(attempt, session.context.clock());
  return true;
}

async function solveDrawn(session: Session, instance: Instance, model: StrategyModel, scale: number) {
  const effort = session.budget.effort;
  [session.prefix, session.budget.effort] = [`explore ${scale}: `, EFFORT];
  const { plan } = await runChain(session, instance, model);
  [session.prefix, session.budget.effort] = ["", effort];
  return plan;
}

/** Cost of a plan under the mean estimates; Infinity where it breaks a limit, moves a held task or spoils an earlier goal. */
function costOf(plan: Assignment, { base }: BasePlan, basePlan: Assignment, held: ReadonlySet<number>): number {
  const { instance, goals, firstIndex } = base;
  if (movedTasks(plan, basePlan).some((task) => held.has(task))) return Infinity;
  if (findViolations(instance, plan).length > 0) return Infinity;
  const keeps = (goal: Goal): boolean => meets(goal.evaluate(plan), goal.evaluate(basePlan));
  if (!goals.slice(0, firstIndex).every(keeps)) return Infinity;
  const first = goals[firstIndex]!;
  return explorationCost(first, first.evaluate(plan), first.evaluate(basePlan));
}

function differingPlaces(instance: Instance, plan: Assignment, basePlan: Assignment) {
  const differs = (task: number): boolean =>
    plan.agentOf[task] !== basePlan.agentOf[task] || plan.slotOf[task] !== basePlan.slotOf[task];
  return Array.from(plan.agentOf.keys())
    .filter(differs)
    .map((task) => placeOf(instance, basePlan, task));
}
