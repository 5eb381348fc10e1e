import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../../../src/domain/errors.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import type { SolveCallOptions } from "../../../src/planner/solve/call-options.js";
import { verify } from "../../../src/planner/solve/solve.js";
import { makeTamperSamples, type TamperSample } from "../../support/tamper-samples.js";
import { ALL_TAMPERINGS, runCampaign } from "../../support/tampering-campaign.js";
import type { Draft } from "../../support/tampering.js";

const NUM_DOCUMENTS = 13;
const ROUNDS = 2;
const NUM_RANDOM = 150;
let samples: readonly TamperSample[] = [];

beforeAll(async () => {
  samples = await makeTamperSamples(NUM_DOCUMENTS);
}, 60_000);
afterAll(closeSolvers);

function verdictOf(draft: unknown, document: unknown, options: SolveCallOptions): { verdict: string; message: string } {
  try {
    return verify(draft, document, options);
  } catch (error) {
    // The shape itself is refused at the border.
    if (error instanceof InputError) return { verdict: "invalid", message: error.message };
    throw error;
  }
}

describe("verify", () => {
  it("accepts every result of every strategy as it was written", () => {
    const verdicts = new Map<string, number>();
    for (const { document, text, key, options } of samples) {
      const { verdict, message } = verify(JSON.parse(text), document, options);
      expect([key, verdict === "invalid" ? message : ""]).toEqual([key, ""]);
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    }
    expect(verdicts.get("proved_optimal")).toBeGreaterThan(15);
    expect(verdicts.get("within")).toBeGreaterThan(10);
  });

  it.each(Object.entries(ALL_TAMPERINGS))("tells a false result from a true one: %s", (name, tamper) => {
    const counts = { false: 0, true: 0, undecided: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      for (const [k, { document, text, instance, key, options }] of samples.entries()) {
        if ((k + round) % 7 !== 0) continue;
        const draft = JSON.parse(text) as Draft;
        const before = JSON.parse(text) as ResultDocument;
        const verdict = tamper(draft, { instance, before, random: drawingRandom(1000 * round + k) });
        if (verdict === null || JSON.stringify(draft) === text) continue;
        counts[verdict] += 1;
        if (verdict === "undecided") continue;
        const report = verdictOf(draft, document, options);
        const expected = verdict === "false" ? "rejected" : "accepted";
        const found = report.verdict === "invalid" ? "rejected" : "accepted";
        expect({ key, name, round, found, message: report.message }).toMatchObject({ found: expected });
      }
    }
    expect(counts.false + counts.true).toBeGreaterThan(1);
  });

  it("rejects whatever is false among random tamperings, for every kind of certificate", () => {
    const { byPart, byKind, faults } = runCampaign(samples, NUM_RANDOM, 19);
    expect(faults).toEqual([]);
    for (const counts of Object.values(byPart)) expect(counts.rejected).toBeGreaterThan(5);
    for (const kind of ["lagrangian", "knapsack", "makespan_knapsack", "max_load_knapsack"]) {
      expect(byKind[kind]?.rejected).toBeGreaterThan(3);
    }
  });
});
