import { describe, expect, it } from "vitest";
import { check, checkProblem, problemSchema } from "../../../src/domain/schemas/index.js";

const PLAIN = { success_probability: 0.9, duration_ms: 100, retries: 0, confidence_delta: -0.1, cost: 1 };

/** Values on both sides of every range, and of other types. */
const VALUES = [-1e300, -1.5, -1, -1e-9, -0, 0, 1e-7, 1e-6, 0.5, 1, 1 + 1e-9, 100, 1e3, 1e12, 1.1e12, NaN, Infinity, null, "1", true, {}];

function documentOf(estimates: unknown): unknown {
  const other = { task_id: "t2", risk_level: "LOW", confidence: 0.5, estimates: { a: PLAIN } };
  return {
    agents: [{ agent_id: "a" }, { agent_id: "b" }],
    tasks: [other, { task_id: "t1", risk_level: "LOW", confidence: 0.5, estimates }],
  };
}

/** What a check says or throws. */
function outcomeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return String(error);
  }
}

function expectAlike(document: unknown): void {
  const own = outcomeOf(() => checkProblem(document, "problem.json"));
  expect(own).toEqual(outcomeOf(() => check(problemSchema, document, "problem.json")));
}

describe("a problem document", () => {
  it.each(Object.keys(PLAIN))("is checked as its schema does, with any value of %s", (field) => {
    for (const value of VALUES) expectAlike(documentOf({ a: PLAIN, b: { ...PLAIN, [field]: value } }));
  });

  it("is checked as its schema does, whatever else its estimates are", () => {
    const standard = { ...PLAIN, standard_errors: { cost: 1 } };
    const unknown = { ...PLAIN, costs: 1 };
    for (const estimates of [null, undefined, [], "a", 1, {}, { "": PLAIN }, { "a/b": PLAIN }, { a: [] }, { a: null }]) {
      expectAlike(documentOf(estimates));
    }
    for (const estimates of [{ a: standard }, { a: unknown }, { a: {} }, { a: standard, b: PLAIN }, new Map()]) {
      expectAlike(documentOf(estimates));
    }
    expectAlike(documentOf(JSON.parse('{ "__proto__": {} }')));
    for (const document of [null, [], {}, { tasks: {} }, { tasks: [null] }]) expectAlike(document);
  });

  it("names a fault elsewhere as its schema does", () => {
    expectAlike({ ...(documentOf({ a: PLAIN }) as object), agent: [] });
    expectAlike({ agents: [{ agent_id: "a" }], tasks: [{ task_id: "t", confidence: 2, estimates: { a: PLAIN } }] });
    expectAlike({ agents: [{ agent_id: "a" }], tasks: [{ task_id: "t", estimate: 1, estimates: { a: PLAIN } }] });
  });
});
