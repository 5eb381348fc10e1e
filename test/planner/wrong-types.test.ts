import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../src/engine/goals/threads.js";
import { InputError } from "../../src/domain/errors.js";
import * as library from "../../src/index.js";
import type { ProblemInput, ResultDocument } from "../../src/index.js";

afterAll(closeSolvers);

/** What programs without types give by mistake. */
const WRONG: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["a number", -5],
  ["NaN", NaN],
  ["true", true],
  ["a symbol", Symbol("s")],
  ["a text", "x"],
  ["a list of null", [null]],
];

const WAVE: ProblemInput = {
  agents: [{ agent_id: "a" }],
  tasks: [{ task_id: "t", risk_level: "LOW", confidence: 0.9 }],
};

it.each(WRONG)("is told as an error of the input: %s", async (_, value) => {
  const plan = (await library.solve(WAVE, { strategy: "maximize_success" })) as ResultDocument;
  const wrong = value as never;
  const calls: Record<string, () => unknown> = {
    "solve options": () => library.solve(WAVE, wrong),
    "verify options": () => library.verify(plan, WAVE, wrong),
    "explain options": () => library.explain(plan, WAVE, wrong),
    "explain task": () => library.explain(plan, WAVE, { task: wrong }),
    "explain agent": () => library.explain(plan, WAVE, { agent: wrong }),
    "compare options": () => library.compare(WAVE, wrong),
    "compare points": () => library.compare(WAVE, { pareto: ["success", "throughput"], points: wrong }),
    "replan events": () => library.replan(plan, WAVE, wrong),
    "replan options": () => library.replan(plan, WAVE, [], wrong),
    evaluateOutcomes: () => library.evaluateOutcomes(wrong, { outcomes: "none" }),
    verifyArrays: () => library.verifyArrays(wrong, wrong, wrong),
  };
  for (const [name, call] of Object.entries(calls)) {
    const error: unknown = await Promise.resolve()
      .then(call)
      .then(
        () => null,
        (reason: unknown) => reason,
      );
    expect([name, error instanceof InputError ? "InputError" : String(error)]).toEqual([name, "InputError"]);
  }
});
