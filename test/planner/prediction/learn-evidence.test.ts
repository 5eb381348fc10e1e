import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { History, OutcomeRow } from "../../../src/domain/history.js";
import { EMPTY_HISTORY } from "../../../src/domain/history.js";
import {
  addToEvidence,
  evidenceFromDocument,
  evidenceToDocument,
} from "../../../src/planner/prediction/evidence-document.js";
import { fillEstimates } from "../../../src/planner/prediction/fill-estimates.js";
import { mergeRows } from "../../../src/planner/prediction/evidence-rows.js";
import { digestOutcomes, recordsToEvidence } from "../../../src/planner/prediction/learn-evidence.js";
import { attempt, plan, ran, wave } from "../../pipeline/learn/records.js";
import { agent, HEURISTICS, history, problem, record, row, task } from "./worlds.js";

const outcomeRow: fc.Arbitrary<OutcomeRow> = fc.record({
  source: fc.constantFrom("phase17" as const, "phase18" as const),
  taskId: fc.nat(50).map((k) => `p${k}`),
  agentId: fc.constantFrom("agent_0", "agent_1", "agent_2"),
  wave: fc.nat(3),
  succeeded: fc.boolean(),
  attempts: fc.integer({ min: 1, max: 4 }),
  confidenceBefore: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  confidenceDelta: fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
  executionTimeMs: fc.option(fc.double({ min: 1e-3, max: 1e6, noNaN: true })),
  riskLevel: fc.option(fc.constantFrom("LOW" as const, "MEDIUM" as const, "HIGH" as const)),
  taskType: fc.option(fc.constantFrom("code", "docs")),
  timestamp: fc.nat(1e6).map(String),
});
const outcomeRows = fc
  .array(outcomeRow, { maxLength: 40 })
  .map((rows) => rows.map((one) => (one.source === "phase17" ? { ...one, agentId: null, attempts: 1 } : one)));

const agents = ["agent_0", "agent_1", "agent_2"].map((id) => agent(id, { costPerMs: 0.1 }));
const tasks = (["LOW", "MEDIUM", "HIGH"] as const).flatMap((riskLevel) =>
  [null, "code"].map((taskType) => task(`${riskLevel}-${taskType}`, { riskLevel, taskType })),
);
const predictAll = (past: History): number[] =>
  fillEstimates(problem(agents, tasks), past, HEURISTICS, { maxRetries: 2 }).tasks.flatMap(({ estimates }) =>
    Object.values(estimates).flatMap(({ standardErrors, ...values }) => [
      ...Object.values(values),
      ...Object.values(standardErrors),
    ]),
  );
const agentsIn = (rows: readonly OutcomeRow[]): string[] => rows.flatMap(({ agentId }) => agentId ?? []);
const stored = (rows: readonly OutcomeRow[]) =>
  JSON.parse(JSON.stringify(evidenceToDocument(digestOutcomes(rows, HEURISTICS).evidence()))) as ReturnType<
    typeof evidenceToDocument
  >;

const SUMMARY = history({
  agents: [record("agent_0", { successRate: 0.4, successHistory: [true, false], executionTimeMs: 90 })],
});

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  actual.forEach((value, k) =>
    expect(Math.abs(value - expected[k]!)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value))),
  );
}

describe("learned evidence", () => {
  it("predicts what the rows themselves predict, through a file and back", () => {
    fc.assert(
      fc.property(outcomeRows, (rows) => {
        const learned = evidenceFromDocument(stored(rows));
        const past = { ...SUMMARY, learned, restatedAgents: agentsIn(rows) };
        expectClose(predictAll(past), predictAll({ ...SUMMARY, outcomes: rows }));
      }),
      { numRuns: 60 },
    );
  });

  it("predicts the same when it came in two parts, whichever way they are put together", () => {
    const phase18 = outcomeRows.map((rows) => rows.filter((one) => one.source === "phase18"));
    fc.assert(
      fc.property(phase18, phase18, (first, second) => {
        const whole = predictAll({ ...SUMMARY, outcomes: [...first, ...second] });
        const merged = evidenceFromDocument(mergeRows(stored(first), stored(second)));
        const added = addToEvidence(stored(first), digestOutcomes(second, HEURISTICS).evidence());
        const past = { ...SUMMARY, restatedAgents: agentsIn([...first, ...second]) };
        expectClose(predictAll({ ...past, learned: merged }), whole);
        expectClose(predictAll({ ...past, learned: evidenceFromDocument(added) }), whole);
        expectClose(predictAll({ ...past, learned: evidenceFromDocument(stored(first)), outcomes: second }), whole);
        expect(added).toEqual(JSON.parse(JSON.stringify(evidenceToDocument(merged))));
      }),
      { numRuns: 40 },
    );
  });

  it("makes an agent with rows a measured one: aggregates and success history add nothing", () => {
    const learned = digestOutcomes([row()], HEURISTICS).evidence();
    const restatedAgents = ["agent_0"];
    expect(predictAll({ ...SUMMARY, learned, restatedAgents })).toEqual(
      predictAll({ ...EMPTY_HISTORY, learned, restatedAgents }),
    );
    expect(predictAll({ ...SUMMARY, learned, restatedAgents })).not.toEqual(predictAll(SUMMARY));
  });

  it("comes on top of the aggregates of an agent whose rows it does not hold", () => {
    const past = history({
      agents: [
        record("agent_0", { successRate: 0.98, executionTimeMs: 20 }),
        record("agent_1", { successRate: 0.2, executionTimeMs: 200 }),
      ],
    });
    const own = (succeeded: boolean) =>
      digestOutcomes(
        ["agent_0", "agent_1"].flatMap((agentId) => [
          row({ agentId, taskId: "p1", succeeded, executionTimeMs: 60 }),
          row({ agentId, taskId: "p2", succeeded, executionTimeMs: 60 }),
        ]),
        HEURISTICS,
      ).evidence();
    const ofBoth = (learned: History["learned"]) => {
      const [first] = fillEstimates(problem(agents, [task("t")]), { ...past, learned }, HEURISTICS, {
        maxRetries: 0,
      }).tasks;
      const { agent_0: good, agent_1: bad } = first!.estimates;
      return { good: good!, bad: bad! };
    };
    const [before, after, worse] = [ofBoth([]), ofBoth(own(true)), ofBoth(own(false))];
    for (const { good, bad } of [before, after, worse]) {
      expect(good.successProbability).toBeGreaterThan(bad.successProbability + 0.1);
      expect(good.durationMs).toBeLessThan(0.9 * bad.durationMs);
    }
    expect(after.bad.successProbability).toBeGreaterThan(before.bad.successProbability);
    expect(worse.good.successProbability).toBeLessThan(before.good.successProbability);
    expect(after.good.durationMs).toBeGreaterThan(before.good.durationMs);
    expect(after.bad.durationMs).toBeLessThan(before.bad.durationMs);
  });

  it("is bounded by kinds and bands of confidence, not by outcomes", () => {
    const rows = Array.from({ length: 5000 }, (_, k) => row({ taskId: `p${k}`, confidenceBefore: (k % 997) / 997 }));
    const document = stored(rows);
    expect(document.trials).toHaveLength(1);
    const [, , , , ...bands] = document.trials[0]!;
    expect(bands.length).toBe(9);
    expect(bands[0]! + bands[3]! + bands[6]!).toBe(5000);
  });
});

describe("evidence of our own waves", () => {
  it("counts each attempt for the agent that made it, penalized and before boosts, as history rows are counted", () => {
    const tries = [
      attempt("t", { succeeded: false, confidenceBefore: 0.99, durationMs: 20 }),
      attempt("t", { attempt: 2, agentId: "b", durationMs: 40, confidenceBefore: 0.99 }),
    ];
    const planned = plan("t", { confidence: 0.8, riskLevel: "MEDIUM", taskType: "code" });
    const [a, b] = recordsToEvidence(wave([planned], [ran("t", tries)]), HEURISTICS);
    const kind = { taskType: "code", riskLevel: "MEDIUM" };
    expect(a).toMatchObject({
      kind: { agentId: "a", ...kind },
      trials: [{ confidences: 160, count: 1, successes: 0 }],
    });
    expect(a!.logTimes).toEqual({ count: 1, total: 2996, squares: 2996 ** 2 });
    expect(a!.gains.count).toBe(0);
    expect(b).toMatchObject({
      kind: { agentId: "b", ...kind },
      trials: [{ confidences: 150, count: 1, successes: 1 }],
    });
    expect(b!.gains).toEqual({ count: 1, total: 400, squares: 160_000 });
    const rows = [row({ attempts: 2, riskLevel: "MEDIUM", taskType: "code", confidenceBefore: 0.8, agentId: "a" })];
    expect(
      digestOutcomes(rows, HEURISTICS)
        .evidence()[0]!
        .trials.map(({ confidences }) => confidences),
    ).toEqual([150, 160]);
  });

  it.each(["threw", "hung", "rubbish"] as const)("counts an attempt that %s as a failure without a time", (fault) => {
    const tasks = [ran("t", [attempt("t", { succeeded: false, fault })])];
    const [evidence] = recordsToEvidence(wave([plan("t")], tasks), HEURISTICS);
    expect(evidence!.trials).toEqual([{ confidences: 160, count: 1, successes: 0 }]);
    expect(evidence!.logTimes.count).toBe(0);
  });

  it("does not count an aborted attempt, nor the gain of its task", () => {
    const tries = [
      attempt("t", { succeeded: false }),
      attempt("t", { attempt: 2, succeeded: false, fault: "aborted" }),
    ];
    const [evidence, ...rest] = recordsToEvidence(wave([plan("t")], [ran("t", tries)]), HEURISTICS);
    expect(rest).toEqual([]);
    expect([evidence!.trials.length, evidence!.gains.count]).toEqual([1, 0]);
  });
});
