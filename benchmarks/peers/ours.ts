import type { DocumentInstance } from "../../src/bench/bench-instance.js";
import { fillFromPrior, resolveOptions, solve, verify } from "../../src/optimizer/index.js";
import { parseProblem } from "../../src/files/problem-document.js";
import { buildInstance } from "../../src/instance/build-instance.js";
import { PACKAGE_VERSION } from "../../src/domain/version.js";
import type { SolveResult } from "../../src/domain/result.js";
import { CheckList, readPlan } from "../../src/verify/index.js";
import { NO_ANSWER, type RunnerAnswer, type TimedRunner } from "./runner.js";

/** Ours, asked as any caller of the library would. */
export function load(): Promise<TimedRunner> {
  let last: { readonly result: SolveResult; readonly document: unknown } | null = null;
  return Promise.resolve({
    name: "ours",
    version: PACKAGE_VERSION,
    supports: (instance) => instance.kind === "document",
    solve: async (instance, limitMs, seed) => {
      if (instance.kind !== "document") throw new Error(`${instance.name} is no document`);
      const result = await solve(instance.document, { timeLimitMs: limitMs, seed });
      last = { result, document: instance.document };
      return readAnswer(result, instance);
    },
    audit: () => {
      if (last === null) return null;
      const report = verify(last.result, last.document);
      return report.verdict === "invalid" ? report.message : null;
    },
  });
}

function readAnswer(result: SolveResult, { document, name }: DocumentInstance): RunnerAnswer {
  const { value, bound } = result.objective;
  if (value === null) return { ...NO_ANSWER, bound };
  const parsed = parseProblem(document, name);
  const options = resolveOptions(parsed.options, {});
  const plan = readPlan(result, buildInstance(fillFromPrior(parsed, options), options), new CheckList());
  return { value, plan, bound, proven: result.termination === "optimal" };
}
