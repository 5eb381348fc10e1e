import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EstimateTable, type GivenEstimate } from "../../../src/domain/index.js";
import { EstimateWriter } from "../../../src/planner/documents/canonical-estimates.js";
import { canonicalJson } from "../../../src/planner/documents/canonical-json.js";
import { fromEstimate } from "../../../src/planner/documents/problem-convert.js";

const ERRORS = { successProbability: 0.01, durationMs: 2, retries: 0.03, confidenceDelta: 0.004, cost: 5e-7 };
const WHOLE = {
  ...{ successProbability: 0.9, durationMs: 1_234.5, retries: 1e-9, confidenceDelta: -0.25, cost: 3 },
  standardErrors: ERRORS,
};

describe("EstimateWriter", () => {
  const writer = new EstimateWriter();

  it("writes what canonical JSON makes of the same estimates, whichever numbers are given and in whatever order agents come", () => {
    const estimates: Record<string, GivenEstimate> = {
      zoe: WHOLE,
      "anna\u2028": { ...WHOLE, planning: { successProbability: 0.95, retries: 0.5 } },
      ben: { ...WHOLE, standardErrors: { ...ERRORS, meanDurationMs: 7 } },
      carl: { durationMs: 5, successProbability: 1 },
      dora: { ...WHOLE, standardErrors: { durationMs: 2 } },
    };
    const document = Object.fromEntries(Object.entries(estimates).map(([id, one]) => [id, fromEstimate(one)]));
    expect(writer.write(estimates).toString()).toBe(canonicalJson(document));
    expect(writer.write({}).toString()).toBe("{}");
  });

  it("writes numbers that stand in several estimates in a row", () => {
    const some = fc.constantFrom(0, -0, 1, 0.1 + 0.2, 1e-7, 123_456_789.25);
    const numbers = fc.record({
      ...{ successProbability: some, durationMs: some, retries: some, confidenceDelta: some, cost: some },
    });
    const estimate = fc.record(
      {
        standardErrors: fc.oneof(
          numbers,
          fc.record({ durationMs: some }),
          fc.constant({ ...ERRORS, meanDurationMs: 7 }),
        ),
        planning: fc.record({ successProbability: some, retries: some }),
      },
      { requiredKeys: [] },
    );
    const list = fc.array(fc.tuple(numbers, estimate), { maxLength: 12 });
    fc.assert(
      fc.property(list, (drawn) => {
        const estimates = Object.fromEntries(drawn.map(([given, rest], k) => [`agent_${k}`, { ...given, ...rest }]));
        const document = Object.fromEntries(Object.entries(estimates).map(([id, one]) => [id, fromEstimate(one)]));
        expect(writer.write(estimates).toString()).toBe(canonicalJson(document));
      }),
      { seed: 19, numRuns: 200 },
    );
  });

  it("has room for as much as there is", () => {
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, k) => [`agent ${k} ${"é".repeat(k)}`, WHOLE]));
    const document = Object.fromEntries(Object.entries(many).map(([id, one]) => [id, fromEstimate(one)]));
    expect(writer.write(many).toString()).toBe(canonicalJson(document));
    expect(writer.write({ b: WHOLE, a: WHOLE }).toString()).toBe(
      canonicalJson({ a: document["agent 0 "], b: document["agent 0 "] }),
    );
  });

  it("writes rows of tables as it writes plain records", () => {
    const other = new EstimateTable(1, ["b"]);
    const table = new EstimateTable(2, ["zoe", "ben", "anna"]);
    for (const [k, column] of [...Object.values(table.values), ...Object.values(table.errors)].entries()) {
      column.forEach((_, entry) => (column[entry] = entry === 4 && k > 9 ? 0 : 0.1 * k + entry));
    }
    table.setPlanning(5, { successProbability: 0.5, retries: 0.25 });
    table.values.cost[1] = NaN;
    for (const row of [table.row(0), table.row(1), other.row(0), table.row(1)]) {
      const document = Object.fromEntries(Object.entries(row).map(([id, one]) => [id, fromEstimate(one)]));
      expect(writer.write(row).toString()).toBe(canonicalJson(document));
    }
  });
});
