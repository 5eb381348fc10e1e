import { type GoalChain, goalChain, type Instance, STRATEGY_MODELS } from "../../models/index.js";
import type { FullProblem, SolveOptions } from "../../src/domain/index.js";
import { applyLoadLimit } from "../../src/engine/index.js";
import { parseProblem } from "../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../src/planner/instance/build-instance.js";
import { readCallOptions, type SolveCallOptions } from "../../src/planner/solve/call-options.js";
import { resolveOptions } from "../../src/planner/solve/options.js";
import { fillFromPrior, solve } from "../../src/planner/solve/solve.js";
import { readPlan, type TimedAssignment } from "../../src/planner/verify/read-plan.js";
import { CheckList } from "../../src/planner/verify/report.js";
import { asInput, NOW } from "./documents.js";
import type { Draft } from "./tampering.js";

/** A wave as the checks of `verify` take it. */
export interface Asked {
  readonly problem: FullProblem;
  readonly asked: SolveOptions;
  readonly instance: Instance;
  readonly chain: GoalChain;
}

/** A true result with its wave; each call of `draft` gives a copy to falsify. */
export interface Claim extends Asked {
  readonly plan: TimedAssignment;
  readonly draft: () => Draft;
}

export function askedOf(document: unknown, options: SolveCallOptions = {}): Asked {
  const parsed = parseProblem(document, "problem");
  const asked = resolveOptions(parsed.options, readCallOptions(options));
  const problem = fillFromPrior(parsed, asked);
  const { instance } = applyLoadLimit(buildInstance(problem, asked), asked.loadLimit);
  const named = asked.strategy === "mix" ? "minimize_cost" : asked.strategy;
  return { problem, asked, instance, chain: goalChain(instance, STRATEGY_MODELS[named]) };
}

export async function claimOf(document: unknown, options: SolveCallOptions = {}): Promise<Claim> {
  const wave = askedOf(document, options);
  const text = JSON.stringify(await solve(asInput(document), { now: NOW, ...options }));
  const draft = (): Draft => JSON.parse(text) as Draft;
  const plan = readPlan(draft(), wave.instance, new CheckList());
  if (plan === null) throw new Error("the result has no plan");
  return { ...wave, plan, draft };
}

/** The checks that fail, as `name: detail`. */
export function faultsOf(check: (list: CheckList) => void): string[] {
  const list = new CheckList();
  check(list);
  return list.failed.map(({ name, detail }) => `${name}: ${detail}`);
}

/** What all checks found, as `name: detail`; of those that fail with a `not` before it. */
export function findingsOf(check: (list: CheckList) => void): string[] {
  const list = new CheckList();
  check(list);
  return list.checks.map(({ name, passed, detail }) => `${passed ? "" : "not "}${name}: ${detail}`);
}
