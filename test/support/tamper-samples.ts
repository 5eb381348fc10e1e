import type { Goal } from "../../models/goal.js";
import type { SettledGoal } from "../../models/build.js";
import type { Instance } from "../../models/instance.js";
import { STRATEGY_MODELS } from "../../models/strategies.js";
import { goalChain } from "../../models/strategy.js";
import { evaluateCertificate } from "../../src/engine/bounds/certificate.js";
import { relativeGap } from "../../src/engine/bounds/gap.js";
import { InputError } from "../../src/domain/errors.js";
import type { Certificate, RowCertificate } from "../../src/domain/certificates.js";
import type { ResultDocument } from "../../src/domain/result.js";
import { parseProblem } from "../../src/planner/documents/problem-document.js";
import { applyLoadLimit } from "../../src/engine/wave/load-limit.js";
import { buildInstance } from "../../src/planner/instance/build-instance.js";
import type { SolveCallOptions } from "../../src/planner/solve/call-options.js";
import { solve } from "../../src/planner/solve/solve.js";
import { fillFromPrior } from "../../src/planner/solve/solve.js";
import { resolveOptions } from "../../src/planner/solve/options.js";
import type { PlainStrategy } from "./brute-force.js";
import { readAgents } from "./check-against-brute-force.js";
import { ALL_STRATEGIES, NOW } from "./documents.js";
import { randomDocument } from "./random-problem.js";
import { knapsackCertificate, type StrongCertificate, timeCertificate } from "./strong-certificates.js";
import { settledValuesOf } from "./tamper-proof.js";
import type { Draft } from "./tampering.js";

/** A true result, as text, with the problem it belongs to. */
export interface TamperSample {
  readonly document: unknown;
  /** What the call of `solve` overrode of what is solved. */
  readonly options: SolveCallOptions;
  readonly text: string;
  readonly instance: Instance;
  readonly kind: Certificate["kind"] | "none";
  readonly key: string;
}

/**
 * Results of every strategy on so many random documents, every third document's by greedy alone, so that there are bounds
 * that are not met; each result of one goal a second time with a knapsack certificate, where one is found.
 */
export async function makeTamperSamples(numDocuments: number): Promise<TamperSample[]> {
  const samples: TamperSample[] = [];
  for (let [seed, numTaken] = [1, 0]; numTaken < numDocuments; seed++) {
    const document = randomDocument({ seed, maxTasks: 8, maxAgents: 3, maxPlans: 1e6 });
    if ((document.tasks as unknown[]).length < 4) continue;
    try {
      numTaken += 1;
      for (const strategy of ALL_STRATEGIES) samples.push(...(await samplesOf(document, seed, strategy)));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
  return samples;
}

async function samplesOf(
  document: unknown,
  seed: number,
  strategy: (typeof ALL_STRATEGIES)[number],
): Promise<TamperSample[]> {
  const call = seed % 3 === 0 ? ({ solver: "greedy", workLimit: 20 } as const) : {};
  const result = await solve(document, { strategy, now: NOW, ...call });
  if (result.objective.value === null) return [];
  const problem = parseProblem(document, "problem");
  const options = resolveOptions(problem.options, {});
  const { instance } = applyLoadLimit(buildInstance(fillFromPrior(problem, options), options), options.loadLimit);
  const key = `seed ${seed}, ${strategy}`;
  const kind: TamperSample["kind"] = result.certificate?.kind ?? "none";
  const plain: TamperSample = { document, options: { strategy }, text: JSON.stringify(result), instance, kind, key };
  if (strategy === "mix") return [plain];
  const strong = withStrongCertificate(result, instance, strategy);
  if (strong === null) return [plain];
  return [plain, { ...plain, text: JSON.stringify(strong), kind: strong.certificate!.kind, key: `${key}, knapsacks` }];
}

/** The result with a certificate of knapsacks, and its bound where no search stands behind it; null where none is found. */
function withStrongCertificate(result: ResultDocument, instance: Instance, strategy: PlainStrategy): Draft | null {
  const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[strategy]);
  const plan = readAgents(result, instance);
  const settled: SettledGoal[] = goals.slice(0, firstIndex).map((goal) => ({ goal, value: goal.evaluate(plan) }));
  const goal: Goal = goals[firstIndex]!;
  const strong = findStrong(result, instance, strategy);
  if (strong === null) return null;
  const { kind, multipliers, atMs } = strong;
  const unbounded = { kind, multipliers, bound: 0, ...(atMs === null ? {} : { at_ms: atMs }) } as RowCertificate;
  const bound = evaluateCertificate(instance, goal, settled, unbounded);
  if (!Number.isFinite(bound)) return null;
  const draft = JSON.parse(JSON.stringify(result)) as Draft;
  draft.certificate = { ...unbounded, bound } as Draft["certificate"];
  if (result.termination !== "optimal") {
    draft.objective.bound = bound;
    draft.objective.bound_by = "certificate";
    draft.objective.gap = relativeGap(goal, result.objective.value!, bound);
  } else if (goal.sense === "min" ? bound < draft.objective.bound! : bound > draft.objective.bound!) {
    draft.objective.bound_by = "search";
  }
  return draft;
}

function findStrong(result: ResultDocument, instance: Instance, strategy: PlainStrategy): StrongCertificate | null {
  const settled = settledValuesOf(instance, result);
  const value = result.objective.value!;
  if (strategy === "maximize_throughput" || strategy === "balance_load") {
    return timeCertificate(instance, strategy, settled, value);
  }
  const target = result.objective.sense === "min" ? value : -value;
  return knapsackCertificate(instance, strategy, settled, result.certificate?.multipliers ?? {}, target);
}
