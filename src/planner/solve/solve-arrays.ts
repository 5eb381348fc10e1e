import {
  deferredWeight,
  findViolations,
  type Instance,
  type InstanceArrays,
  STRATEGY_MODELS,
} from "../../../models/index.js";
import {
  type ChainOutcome,
  inTurn,
  relativeGap,
  round,
  runChain,
  Session,
  type SolveContext,
} from "../../engine/index.js";
import {
  type ArraysResult,
  InputError,
  ModelError,
  type SolveOptionsInput,
  suggestNearest,
} from "../../domain/index.js";
import { checkArrays } from "../instance/check-arrays.js";
import { instanceOfArrays } from "../instance/instance-of-arrays.js";
import { toArraysCertificate } from "../verify/arrays-certificate.js";
import { readCallOptions, readCustom, type SolveCallOptions } from "./call-options.js";
import { resolveOptions } from "./options.js";
import { boundBy, boundOf, limitOf, terminationOf } from "./outcome-facts.js";

/** Options of `solve` that arrays know; the rest is part of the arrays, or a matter of documents. */
export type ArraysCallOptions = Pick<SolveOptionsInput, "strategy" | "timeLimitMs" | "workLimit" | "seed" | "gap"> &
  Pick<SolveCallOptions, "signal" | "onProgress">;

const OPTION_NAMES = ["strategy", "timeLimitMs", "workLimit", "seed", "gap", "signal", "onProgress"];

/**
 * Plans one wave of arrays: they become the instance, the result the caller's arrays again.
 *
 * @throws InputError where an array or an option breaks a rule, naming the array and the index
 */
export async function solveArrays(
  arrays: InstanceArrays,
  options: SolveCallOptions,
  context: SolveContext,
): Promise<ArraysResult> {
  const unknown = Object.keys(options).find((name) => !OPTION_NAMES.includes(name));
  if (unknown !== undefined) {
    throw new InputError(
      "options",
      `"${unknown}" is not an option for arrays; ${suggestNearest(unknown, OPTION_NAMES)}`,
    );
  }
  if (readCustom(options) !== undefined) {
    throw new InputError("options.strategy", "a strategy of one's own needs a problem document, not arrays");
  }
  const resolved = resolveOptions({}, readCallOptions(options));
  const { strategy } = resolved;
  if (strategy === "mix") throw new InputError("options.strategy", "mix needs a problem document, not arrays");
  checkArrays(arrays, strategy);
  return inTurn(resolved, context, async (timed) => {
    const session = new Session(resolved, timed);
    const instance = instanceOfArrays(arrays);
    session.budget.reserveClosing(closingMs(instance));
    const outcome = await runChain(session, instance, STRATEGY_MODELS[strategy], { withSecond: false });
    const result = buildResult(session, outcome);
    const { value, bound, gap } = result.objective;
    session.reportEnd(result.termination, { value, bound, gap });
    return result;
  });
}

/** What counting the result takes about. Measured, with a margin. */
function closingMs({ numPairs }: Instance): number {
  return 3 + 6e-5 * numPairs;
}

function buildResult(session: Session, outcome: ChainOutcome): ArraysResult {
  const { instance, plan, steps, goals, firstIndex } = outcome;
  const [violation] = plan === null ? [] : findViolations(instance, plan);
  if (violation !== undefined) throw new ModelError(`the final plan breaks ${violation.row}: ${violation.message}`);
  const goal = goals[firstIndex]!;
  const termination = terminationOf(outcome);
  const value = plan === null ? null : goal.evaluate(plan);
  const bound = boundOf(outcome, termination);
  const strategy = { first: goal, settled: steps.slice(0, firstIndex) };
  const certificate = plan === null ? null : toArraysCertificate(instance, strategy, outcome.certificate);
  return {
    termination,
    limit: limitOf(session, outcome, termination),
    reproducible: !session.budget.endedByClock,
    objective: {
      name: goal.name,
      sense: goal.sense,
      value,
      bound,
      bound_by: boundBy(outcome, bound, certificate),
      gap: value === null || bound === null ? null : relativeGap(goal, value, bound),
    },
    agentOf: plan?.agentOf ?? null,
    slotOf: plan?.slotOf ?? null,
    deferredWeight: plan === null ? null : deferredWeight(instance, plan),
    certificate,
    attempts: session.attempts,
    seed: session.options.seed,
    wallMs: round(session.budget.elapsedMs()),
  };
}
