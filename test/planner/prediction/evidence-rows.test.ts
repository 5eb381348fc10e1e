import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type KindEvidence, NO_SUMS } from "../../../src/domain/evidence.js";
import type { EvidenceDocument } from "../../../src/domain/schemas/evidence.js";
import { evidenceSchema, NO_EVIDENCE } from "../../../src/domain/schemas/evidence.js";
import { evidenceFromDocument, evidenceToDocument } from "../../../src/planner/prediction/evidence-document.js";
import { markBefore, mergeRows } from "../../../src/planner/prediction/evidence-rows.js";
import { momentsOf, sumsFromMoments, sumsOf } from "../../../src/planner/prediction/sums.js";
import { bandTrials } from "../../../src/planner/prediction/trial-bands.js";
import { checkEvidence } from "../../../src/pipeline/files/evidence-checks.js";

const sums = fc.array(fc.integer({ min: -5000, max: 9000 }), { maxLength: 3 }).map((values) => sumsOf(values, 1));
const kindEvidence: fc.Arbitrary<KindEvidence> = fc.record({
  kind: fc.record({
    agentId: fc.option(fc.constantFrom("a", "b", "agent_10", "agent_2")),
    taskType: fc.option(fc.constantFrom("code", "docs", "z")),
    riskLevel: fc.option(fc.constantFrom("LOW" as const, "MEDIUM" as const, "HIGH" as const)),
  }),
  isBefore: fc.boolean(),
  trials: fc
    .array(fc.record({ confidence: fc.double({ min: 0, max: 1, noNaN: true }), isSuccess: fc.boolean() }), {
      maxLength: 6,
    })
    .map((tries) =>
      bandTrials(tries.map(({ confidence, isSuccess }) => ({ confidence, count: 1, successes: isSuccess ? 1 : 0 }))),
    ),
  logTimes: sums,
  gains: sums,
});
const evidence = fc.array(kindEvidence, { maxLength: 12 }).map((entries) => evidenceToDocument(entries));

/** Everything but the lists of names, which may name what has no row any more. */
const rowsByName = (document: EvidenceDocument): unknown =>
  evidenceFromDocument(document).map((entry) => JSON.stringify(entry));

describe("evidence as rows", () => {
  it("is the same bytes in whatever order and parts it came", () => {
    fc.assert(
      fc.property(evidence, evidence, evidence, (a, b, c) => {
        const whole = mergeRows(mergeRows(a, b), c);
        expect(mergeRows(c, mergeRows(b, a))).toEqual(whole);
        expect(mergeRows(whole, NO_EVIDENCE)).toEqual(whole);
        const entries = [a, b, c].flatMap((part) => evidenceFromDocument(part));
        expect(evidenceToDocument(entries)).toEqual(whole);
        expect(evidenceSchema.parse(whole)).toEqual(whole);
        expect(() => checkEvidence(whole, "state")).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });

  it("marks what changed of an agent as from before, and drops what was from before an earlier change", () => {
    fc.assert(
      fc.property(evidence, fc.boolean(), fc.boolean(), (document, ofSuccess, ofTime) => {
        const changed = (isIt: boolean): Set<string> => new Set(isIt ? ["a"] : []);
        const marked = markBefore(document, { success: changed(ofSuccess), time: changed(ofTime) });
        expect(() => checkEvidence(marked, "state")).not.toThrow();
        const expectOf = (isChanged: boolean, keep: (entry: KindEvidence) => KindEvidence): KindEvidence[] =>
          evidenceFromDocument(document).flatMap((entry) => {
            if (!isChanged || entry.kind.agentId !== "a") return [keep(entry)];
            return entry.isBefore ? [] : [{ ...keep(entry), isBefore: true }];
          });
        const expected = [
          ...expectOf(ofSuccess, (entry) => ({ ...entry, logTimes: NO_SUMS, gains: NO_SUMS })),
          ...expectOf(ofTime, (entry) => ({ ...entry, trials: [], gains: NO_SUMS })),
          ...expectOf(false, (entry) => ({ ...entry, trials: [], logTimes: NO_SUMS })),
        ];
        expect(rowsByName(marked)).toEqual(rowsByName(evidenceToDocument(expected)));
      }),
      { numRuns: 100 },
    );
  });
});

describe("sums of rounded measurements", () => {
  it("give back mean and spread by hand, and go through moments and back", () => {
    const three = sumsOf([0.1, 0.2, 0.6], 0.01);
    expect(three).toEqual({ count: 3, total: 90, squares: 100 + 400 + 3600 });
    const { mean, squares } = momentsOf(three, 0.01);
    expect(mean).toBeCloseTo(0.3, 12);
    expect(squares).toBeCloseTo(0.04 + 0.01 + 0.09, 12);
    expect(sumsFromMoments({ count: 3, mean, squares }, 0.01)).toEqual(three);
    expect(
      momentsOf(sumsFromMoments({ count: 2, mean: 0.3333, squares: 0 }, 0.01), 0.01).squares,
    ).toBeGreaterThanOrEqual(0);
  });
});
