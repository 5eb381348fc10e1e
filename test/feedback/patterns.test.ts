import { describe, expect, it } from "vitest";
import { NO_HEURISTICS } from "../../src/domain/history.js";
import { EMPTY_STATE } from "../../src/domain/schemas/learned-state.js";
import { p19PatternSchema } from "../../src/domain/schemas/phase19-run.js";
import { OptimizationFeedbackLoop } from "../../src/feedback/index.js";
import { load } from "../files/outputs.js";
import { attempt, NOW, plan, ran, wave } from "./records.js";

/** Agent a wins all code and loses all docs, b the reverse; a is busy four times as long. */
function feedback(): OptimizationFeedbackLoop {
  const parts = ["a", "b"].flatMap((agentId) => ["code", "docs"].map((taskType) => ({ agentId, taskType })));
  const cells = parts.flatMap((part) =>
    Array.from({ length: 6 }, (_, k) => ({ ...part, id: `${part.agentId}-${part.taskType}-${k}` })),
  );
  const planned = cells.map(({ id, agentId, taskType }) => plan(id, { agentId, taskType }));
  const tasks = cells.map(({ id, agentId, taskType }) => {
    const succeeded = (agentId === "a") === (taskType === "code");
    return ran(id, [attempt(id, { agentId, succeeded, durationMs: agentId === "a" ? 100 : 25 })]);
  });
  const loop = new OptimizationFeedbackLoop({
    execution: "real",
    heuristics: NO_HEURISTICS,
    state: EMPTY_STATE,
    now: () => NOW,
  });
  loop.evaluateScheduleOutcome(wave(planned, tasks));
  return loop;
}

describe("patterns", () => {
  it("are read back by the loader of Phase 18's patterns", async () => {
    const rows = feedback().patterns();
    for (const row of rows) expect(p19PatternSchema.parse(row)).toEqual(row);
    const { history, report } = await load({ "phase18/coordination_patterns.json": JSON.stringify(rows) });
    const known = { confidence: 6 / 16 };
    expect(history.specializations).toEqual([
      { agentId: "a", labels: ["code"], successRate: 1, ...known },
      { agentId: "b", labels: ["code"], successRate: 0, ...known },
      { agentId: "a", labels: ["docs"], successRate: 0, ...known },
      { agentId: "b", labels: ["docs"], successRate: 1, ...known },
    ]);
    expect(report.notes).toEqual([]);
  });

  it("tell how the load was shared and the slots were used", () => {
    const rows = feedback().patterns();
    expect(rows.map(({ pattern_type }) => pattern_type).slice(4)).toEqual(["load_imbalance", "parallel_efficiency"]);
    expect(rows[4]!.description).toContain("from 300 to 1200 ms");
  });

  it("are none where nothing ran", () => {
    const loop = new OptimizationFeedbackLoop({
      execution: "real",
      heuristics: NO_HEURISTICS,
      state: EMPTY_STATE,
      now: () => NOW,
    });
    loop.evaluateScheduleOutcome(wave([], []));
    expect(loop.patterns()).toEqual([]);
  });
});
