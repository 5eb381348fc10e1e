import type { DocumentInstance } from "../../src/planner/bench/bench-instance.js";
import { fillFromPrior, solve, verify } from "../../src/planner/solve/solve.js";
import { resolveOptions } from "../../src/planner/solve/options.js";
import { parseProblem } from "../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../src/planner/instance/build-instance.js";
import { PACKAGE_VERSION } from "../../src/domain/version.js";
import type { ArraysResult } from "../../src/domain/arrays-result.js";
import { asInstanceArrays } from "../../src/planner/bench/solve-arrays.js";
import type { ResultDocument } from "../../src/domain/result.js";
import { CheckList, type VerifyReport } from "../../src/planner/verify/report.js";
import { readPlan } from "../../src/planner/verify/read-plan.js";
import { verifyArrays } from "../../src/planner/verify/verify-arrays.js";
import { NO_ANSWER, type RunnerAnswer, type TimedRunner } from "./runner.js";

/** Ours, asked as any caller of the library would. */
export function load(): Promise<TimedRunner> {
  let audit: (() => string | null) | null = null;
  return Promise.resolve({
    name: "ours",
    version: PACKAGE_VERSION,
    supports: () => true,
    solve: async (instance, limitMs, seed) => {
      const limits = { timeLimitMs: limitMs, seed };
      if (instance.kind === "arrays") {
        const { strategy } = instance.arrays;
        const arrays = asInstanceArrays(instance.arrays);
        const result = await solve(arrays, { ...limits, strategy });
        audit = () => faultOf(verifyArrays(result, arrays, strategy));
        return readArraysAnswer(result);
      }
      const result = await solve(instance.document, limits);
      audit = () => faultOf(verify(result, instance.document));
      return readAnswer(result, instance);
    },
    audit: () => audit?.() ?? null,
  });
}

function faultOf({ verdict, message }: VerifyReport): string | null {
  return verdict === "invalid" ? message : null;
}

function readArraysAnswer({ objective, agentOf, slotOf, termination }: ArraysResult): RunnerAnswer {
  const { value, bound } = objective;
  if (value === null || agentOf === null || slotOf === null) return { ...NO_ANSWER, bound };
  return { value, plan: { agentOf, slotOf }, bound, proven: termination === "optimal" };
}

function readAnswer(result: ResultDocument, { document, name }: DocumentInstance): RunnerAnswer {
  const { value, bound } = result.objective;
  if (value === null) return { ...NO_ANSWER, bound };
  const parsed = parseProblem(document, name);
  const options = resolveOptions(parsed.options, {});
  const plan = readPlan(result, buildInstance(fillFromPrior(parsed, options), options), new CheckList());
  return { value, plan, bound, proven: result.termination === "optimal" };
}
