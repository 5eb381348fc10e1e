import {
  type Assignment,
  type BuiltProgram,
  findViolations,
  finestStep,
  type Goal,
  type Instance,
  type SettledGoal,
  settledSlack,
} from "../../../models/index.js";
import { meets } from "../bounds/gap.js";
import type { Limit } from "../../domain/index.js";
import type { ProgramPoint, Solver } from "../exact/solver.js";
import type { Share } from "../budget/budget.js";
import type { Session } from "./session.js";
import type { GoalTurn, Verdict } from "./turn.js";

/** How far a solver's arithmetic may put its optimum below a plan we know, relative: GLPK prunes within 1e-7. */
const CLAIM_TOLERANCE = 1e-6;

export type ExactOutcome =
  | { readonly status: "optimal"; readonly plan: Assignment; readonly solver: string }
  | {
      readonly status: "feasible";
      readonly plan: Assignment;
      readonly solver: string;
      readonly limit: Limit;
      /** The solver's own word on every plan of its program; null where it gives none. */
      readonly bound: number | null;
      readonly isMet: boolean;
    }
  | { readonly status: "infeasible"; readonly solver: string }
  | { readonly status: "no_solution"; readonly limit: Limit }
  | { readonly status: "failed" };

interface ExactTask {
  readonly instance: Instance;
  readonly goal: Goal;
  readonly settled: readonly SettledGoal[];
  readonly built: BuiltProgram;
  /** Of the time that is left when a solver is asked, and of the moves where it counts steps. */
  readonly share: Share;
  /** Relative gap at which a solver may stop. */
  readonly gap: number;
  /** What part of the wave the program is of, in words. Default: all of it. */
  readonly about?: string;
  /** Best plan known: a claim of optimality or infeasibility that it contradicts is not believed. */
  readonly incumbent: Assignment | null;
}

/** The exact solvers that the chosen one stands for, on the whole program. */
export async function askExactSolvers(turn: GoalTurn, share: Share): Promise<Verdict> {
  const { session, instance, model, goal, place, record } = turn;
  const settled = record.steps;
  const outcome = await solveExactly(session, session.exactSolvers(), {
    ...{ instance, goal, settled, incumbent: record.plan },
    built: model.build(instance, { goal, settled }),
    gap: place === "first" ? session.options.gap : 0,
    share,
  });
  return endWith(turn, outcome);
}

/** The last word on a goal, of a program with every plan better than the one known: where it stays open, the answer says which limit ended it, and how good the best can be. */
export function endWith(turn: GoalTurn, outcome: ExactOutcome): Verdict {
  const verdict = readExact(turn, outcome);
  if (turn.place === "first" && "bound" in outcome && outcome.bound !== null) raiseBound(turn, outcome.bound);
  if (verdict === "over" && "limit" in outcome && turn.place !== "after") turn.record.limit = outcome.limit;
  return verdict;
}

/** What an answer of exact solvers to a turn's program means for it. */
export function readExact({ goal, place, record }: GoalTurn, outcome: ExactOutcome): Verdict {
  if (outcome.status === "infeasible") record.ruleOutPlans(outcome.solver);
  if (outcome.status === "optimal" || outcome.status === "feasible") {
    record.offer(goal, outcome.plan);
    if (place === "first") record.decidedBy = outcome.solver;
  }
  if (outcome.status === "optimal" || (outcome.status === "feasible" && outcome.isMet)) return "search";
  return "over";
}

/** Takes a solver's bound, loosened by its tolerance, and no better than the plan's value: beyond that nobody has looked. */
export function raiseBound({ goal, record }: GoalTurn, bound: number): void {
  const [sign, value] = [goal.sense === "min" ? 1 : -1, goal.evaluate(record.plan!)];
  const least = sign * bound - CLAIM_TOLERANCE * Math.max(1, Math.abs(bound));
  record.raiseBound(goal, sign * Math.min(least, sign * value));
}

/**
 * Puts one program to the solvers in turn until one gives a believable answer. An answer is believed when the plan it
 * decodes to keeps every row, keeps the settled goals and is no worse than a plan we already have. Every try is recorded.
 */
export async function solveExactly(
  session: Session,
  solvers: readonly Solver[],
  task: ExactTask,
): Promise<ExactOutcome> {
  let last: ExactOutcome = { status: "failed" };
  for (const solver of solvers) {
    last = await tryOne(session, solver, task);
    if (last.status !== "failed") return last;
  }
  return last;
}

async function tryOne(session: Session, solver: Solver, task: ExactTask): Promise<ExactOutcome> {
  const since = session.context.clock();
  const stage = task.goal.name;
  const { program } = task.built;
  const size = `${task.about ?? ""}${program.variableNames.length} variables, ${program.rows.length} rows`;
  const { signal } = session.context;
  const numVariables = program.variableNames.length;
  const start = task.incumbent === null ? null : task.built.encode(task.incumbent);
  const request = {
    program,
    ...(start !== null && { start }),
    ...session.budget.packageTime(task.share.time),
    ...(isCounted(session, solver) && { maxSteps: session.budget.packageSteps(task.share.moves, numVariables) }),
    gap: task.gap,
    relax: false,
  };
  const { outcome, numSteps } = await solver.solve(signal === undefined ? request : { ...request, signal });
  session.budget.spendSteps(numSteps, numVariables);
  const fail = (why: string): ExactOutcome => {
    session.record({ stage, solver: solver.name, termination: "error", note: `${why} (${size})` }, since);
    return { status: "failed" };
  };
  switch (outcome.status) {
    case "error":
      return fail(outcome.message);
    case "unbounded":
      return fail("reported unbounded, though every goal is bounded");
    case "none_better":
      return fail("reported none better than a cutoff that was not given");
    case "infeasible":
      if (task.incumbent !== null) return fail("reported infeasible, though a plan is known");
      session.record({ stage, solver: solver.name, termination: "infeasible", note: size }, since);
      return { status: "infeasible", solver: solver.name };
    case "no_solution":
      session.record(
        {
          stage,
          solver: solver.name,
          termination: "no_solution",
          limit: outcome.limit,
          bound: outcome.bound,
          note: size,
        },
        since,
      );
      return { status: "no_solution", limit: outcome.limit };
    case "feasible":
    case "optimal": {
      const { plan, problem } = readPlan(task, outcome.point, outcome.status === "optimal");
      if (problem !== null) return fail(problem);
      const limit = outcome.status === "feasible" ? outcome.limit : null;
      const value = task.goal.evaluate(plan);
      const bound = outcome.status === "feasible" ? outcome.bound : null;
      session.record(
        { stage, solver: solver.name, termination: outcome.status, limit, value, bound, note: size },
        since,
      );
      if (outcome.status === "optimal") return { status: "optimal", plan, solver: solver.name };
      const isMet = bound !== null && meets(value, bound);
      return { status: "feasible", plan, solver: solver.name, limit: outcome.limit, bound, isMet };
    }
  }
}

/** Whether a limit of steps ends the solver: not where the caller names it and limits the time alone. */
function isCounted({ options, budget }: Session, { countsSteps }: Solver): boolean {
  return countsSteps && (options.solver === "auto" || budget.isWorkLimited);
}

function readPlan(
  { instance, goal, settled, built, incumbent }: ExactTask,
  point: ProgramPoint,
  claimsOptimal: boolean,
): { plan: Assignment; problem: string | null } {
  const plan = built.decode(point.values);
  const [violation] = findViolations(instance, plan);
  if (violation !== undefined) return { plan, problem: `answer breaks ${violation.row}: ${violation.message}` };
  const broken = settled.find((one) => !keepsSettled(instance, one, plan));
  if (broken !== undefined) return { plan, problem: `answer gives up the settled goal ${broken.goal.name}` };
  if (!claimsOptimal || incumbent === null) return { plan, problem: null };
  const [value, known] = [goal.evaluate(plan), goal.evaluate(incumbent)];
  const deficit = goal.sense === "min" ? value - known : known - value;
  const isBelieved = deficit <= CLAIM_TOLERANCE * Math.max(1, Math.abs(known));
  return { plan, problem: isBelieved ? null : `claims the optimum ${value}, though a plan of ${known} is known` };
}

/** Whether a plan is as good on a settled goal as its row asks, with the solver's tolerance on top. */
function keepsSettled(instance: Instance, { goal, value }: SettledGoal, plan: Assignment): boolean {
  const loss = goal.sense === "min" ? goal.evaluate(plan) - value : value - goal.evaluate(plan);
  const arithmetic = Math.min(CLAIM_TOLERANCE * Math.max(1, Math.abs(value)), finestStep(goal));
  return loss <= settledSlack(instance, goal, value) + arithmetic;
}
