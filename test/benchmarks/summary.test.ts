import { describe, expect, it } from "vitest";
import { compareSummaries } from "../../benchmarks/peers/compare.js";
import { renderPeers } from "../../benchmarks/peers/markdown.js";
import type { PeerRecord } from "../../benchmarks/peers/record.js";
import { summarizeRecords, totalRunners } from "../../benchmarks/peers/summary.js";

const BASE: PeerRecord = {
  runner: "ours",
  version: "1",
  suite: "gap",
  instance: "tiny",
  sense: "min",
  best_known: 100,
  limit_ms: 1_000,
  seed: 1,
  outcome: "answered",
  value: 102,
  bound: 90,
  proven: false,
  wall_ms: 200,
  peak_mb: 50,
  fault: null,
  date: "2026-01-01",
  commit: "c0ffee",
};
const record = (changes: Partial<PeerRecord>): PeerRecord => ({ ...BASE, ...changes });

const RECORDS = [
  record({ seed: 1, value: 102 }),
  record({ seed: 2, value: 110, wall_ms: 400 }),
  record({ seed: 3, value: 104, wall_ms: 300 }),
  record({ runner: "better", value: 101 }),
  record({ runner: "wrong", value: 105, proven: true, bound: 105 }),
  record({ runner: "dead", value: null, outcome: "killed", fault: "killed after 3000 ms" }),
];

describe("summaries of peers", () => {
  it("hold the median of ours against each peer, and name losses and false proofs", () => {
    const [summary] = summarizeRecords(RECORDS);
    expect(summary).toMatchObject({ reference: 100, losses: ["better"], false_proofs: ["wrong"] });
    expect(summary!.cells[0]).toMatchObject({ runner: "ours", value: 104, wall_ms: 300, num_seeds: 3, gap: 4 / 104 });
    const totals = totalRunners([summary!]);
    expect(totals.map(({ runner, num_killed }) => [runner, num_killed])).toContainEqual(["dead", 1]);
    const text = renderPeers("# Head", [summary!], totals);
    expect(text).toContain("- gap/tiny: ours 104, better 101");
    expect(text).toContain("- gap/tiny: wrong calls a value optimal that is not");
  });

  it("take the best value found for a reference where it is better than the best known", () => {
    const records = [record({ value: 99 }), record({ runner: "peer", value: null })];
    expect(summarizeRecords(records)[0]).toMatchObject({ reference: 99, losses: [] });
    const unknown = records.map((one) => ({ ...one, best_known: null, sense: "max" as const }));
    expect(summarizeRecords(unknown)[0]!.reference).toBe(99);
  });

  it("compare with a stored one: worse, better, slower, proofs won and lost", () => {
    const at = (changes: Partial<PeerRecord>) => summarizeRecords([record(changes)]);
    expect(compareSummaries(at({ value: 103 }), at({}))).toMatchObject({ worse: ["gap/tiny: value 102 → 103"] });
    expect(compareSummaries(at({ value: 101 }), at({}))).toMatchObject({
      better: ["gap/tiny: value 102 → 101"],
      worse: [],
    });
    expect(compareSummaries(at({ proven: true }), at({})).better).toEqual(["gap/tiny: now proven"]);
    expect(compareSummaries(at({}), at({ proven: true })).worse).toEqual(["gap/tiny: no longer proven"]);
    expect(compareSummaries(at({ wall_ms: 400 }), at({})).slower).toEqual(["gap/tiny: 200 → 400 ms"]);
    expect(compareSummaries(at({ instance: "other" }), at({})).numCompared).toBe(0);
  });
});
