import { type InstanceArrays, STRATEGY_MODELS } from "../../../../models/index.js";
import { meets, round, Session, type SolveContext, viewArrays } from "../../../engine/index.js";
import { type ArraysResult, InputError, ModelError, suggestNearest } from "../../../domain/index.js";
import { checkArrays } from "../../instance/check-arrays.js";
import { evaluatePlanOnArrays } from "../../verify/evaluate-plan-arrays.js";
import { readCallOptions, type SolveCallOptions } from "../call-options.js";
import { resolveOptions } from "../options.js";
import type { ArraysOutcome, ArraysStrategy } from "./outcome.js";
import { solveByChain } from "./solve-by-chain.js";
import { solveByKernels } from "./solve-by-kernels.js";

/** Options of `solve` that arrays know; the rest is part of the arrays, or a matter of documents. */
export type ArraysCallOptions = Pick<
  SolveCallOptions,
  "strategy" | "timeLimitMs" | "workLimit" | "seed" | "gap" | "signal" | "onProgress"
>;

const OPTION_NAMES = ["strategy", "timeLimitMs", "workLimit", "seed", "gap", "signal", "onProgress"];
/** Pairs up to which goals of times go to the general chain, which proves more. */
const SMALL_TIMED_PAIRS = 2_000;

/**
 * Plans one wave of arrays. Pure capacity limits go to the kernels of the engine at any size; other limits, and small goals of times, to
 * the general chain.
 *
 * @throws InputError where an array or an option breaks a rule, naming the array and the index
 */
export async function solveArrays(
  arrays: InstanceArrays,
  options: ArraysCallOptions,
  context: SolveContext,
): Promise<ArraysResult> {
  const unknown = Object.keys(options).find((name) => !OPTION_NAMES.includes(name));
  if (unknown !== undefined) {
    throw new InputError("options", `"${unknown}" is no option for arrays; ${suggestNearest(unknown, OPTION_NAMES)}`);
  }
  const resolved = resolveOptions({}, readCallOptions(options));
  const { strategy } = resolved;
  if (strategy === "mix") throw new InputError("options.strategy", "mix needs a problem document, not arrays");
  const session = new Session(resolved, context);
  checkArrays(arrays, strategy);
  const isTimed = STRATEGY_MODELS[strategy].first.source.kind === "slots";
  const isForChain = isTimed && arrays.pairAgent.length <= SMALL_TIMED_PAIRS;
  const view = isForChain ? null : viewArrays(arrays, strategy);
  const outcome =
    view === null ? await solveByChain(session, arrays, strategy) : await solveByKernels(session, arrays, view);
  return buildResult(session, arrays, strategy, outcome);
}

function buildResult(
  session: Session,
  arrays: InstanceArrays,
  strategy: ArraysStrategy,
  { agentOf, slotOf, bound, certificate, ...outcome }: ArraysOutcome,
): ArraysResult {
  const { name, sense } = STRATEGY_MODELS[strategy].first;
  const facts =
    agentOf === null || slotOf === null ? null : evaluatePlanOnArrays(arrays, strategy, { agentOf, slotOf });
  if (facts !== null && facts.violation !== null) throw new ModelError(`the final plan: ${facts.violation}`);
  const value = facts?.value ?? null;
  const isMet =
    value !== null && bound !== null && (meets(value, bound) || (sense === "min" ? bound > value : bound < value));
  // A bound past the value says that nothing better exists; rounding and proofs by search step over it.
  const stated = isMet ? value : bound;
  const isProven =
    certificate !== null && (sense === "min" ? certificate.bound >= stated! : certificate.bound <= stated!);
  const isOptimal = outcome.termination === "optimal" && isMet;
  const termination = outcome.termination === "optimal" && !isOptimal ? "feasible" : outcome.termination;
  const gap = value === null || stated === null ? null : distance(value, stated);
  const isClose = session.options.gap > 0 && gap !== null && gap <= session.options.gap;
  return {
    termination,
    limit: termination === "optimal" || termination === "infeasible" ? null : isClose ? "gap" : outcome.limit,
    reproducible: !session.endedByClock,
    objective: {
      name,
      sense,
      value,
      bound: stated,
      bound_by: stated === null ? null : isProven ? "certificate" : "search",
      gap,
    },
    agentOf,
    slotOf,
    deferredWeight: facts?.deferredWeight ?? null,
    certificate,
    attempts: session.attempts,
    seed: session.options.seed,
    wallMs: round(session.elapsedMs()),
  };
}

function distance(value: number, bound: number): number {
  return value === bound ? 0 : Math.abs(value - bound) / Math.max(Math.abs(value), Math.abs(bound));
}
