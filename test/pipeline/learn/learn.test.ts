import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ModelError } from "../../../src/domain/errors.js";
import {
  EMPTY_STATE,
  learnedStateSchema,
  type LearnedStateDocument,
} from "../../../src/domain/schemas/learned-state.js";
import {
  carriedState,
  closeRun,
  hasLearnedRun,
  historyFor,
  learnHistory,
  learnWave,
} from "../../../src/pipeline/learn/learn.js";
import { weighHeuristics, weightsOf } from "../../../src/pipeline/measure/heuristic-weights.js";
import { learnedStateText, parseLearnedState } from "../../../src/pipeline/files/learned-state.js";
import { loadPhases } from "../../../src/pipeline/files/phases.js";
import { fillEstimates } from "../../../src/planner/prediction/fill-estimates.js";
import type { Phases } from "../../../src/pipeline/files/phases.js";
import { outputs } from "../files/outputs.js";
import { jsonLines } from "../files/scratch.js";
import { agent, HEURISTICS, problem, task } from "../../planner/prediction/worlds.js";
import { NOW, simpleWave } from "./records.js";

const P18 = "phase18/wave_1/a/task_outcomes.jsonl";
const outcome = (k: number) => ({
  ...{ task_id: `p${k}`, status: k % 3 === 0 ? "failed" : "success", attempts: 1 + (k % 2) },
  ...{
    confidence_before: 0.6 + (k % 30) / 100,
    confidence_delta: 0.01 * (k % 4),
    execution_time_ms: 20 + ((k * 7) % 13),
  },
  ...{ risk_level: "LOW", task_type: k % 2 === 0 ? "code" : "docs" },
});
const FILES = {
  [P18]: jsonLines(Array.from({ length: 20 }, (_, k) => outcome(k))),
  "phase17/heuristic_performance.json": JSON.stringify({
    H16_001: { applications: 10, successes: 9, failures: 1 },
    H16_002: { applications: 10, successes: 6, failures: 4 },
    H16_003: { applications: 0, successes: 0, failures: 0 },
  }),
};
const learn = (state: LearnedStateDocument, phases: Phases) => learnHistory(state, phases, HEURISTICS);
const predict = (phases: Phases, state: LearnedStateDocument, execution: "real" | "simulated" = "real") =>
  Object.values(
    fillEstimates(
      problem([agent("a"), agent("b")], [task("t", { taskType: "code" })]),
      historyFor(phases, state, execution),
      HEURISTICS,
      { maxRetries: 2 },
    ).tasks[0]!.estimates,
  );

describe("learnHistory", () => {
  it("counts only the growth of Phase 17's cumulative performance, and all of one begun anew", async () => {
    const { sources } = outputs(FILES);
    const first = learn(EMPTY_STATE, await loadPhases(sources));
    const rewrite = async (state: LearnedStateDocument, performance: Record<string, [number, number]>) => {
      const rows = Object.entries(performance).map(([id, [applications, successes]]) => [
        id,
        { applications, successes, failures: applications - successes },
      ]);
      writeFileSync(
        join(sources.phase17Dir!, "heuristic_performance.json"),
        JSON.stringify(Object.fromEntries(rows) as object),
      );
      return learn(state, await loadPhases(sources, { known: state.files }));
    };
    // Five more applications of H16_001, all failed; H16_002 stands still.
    const grown = await rewrite(first, { H16_001: [15, 9], H16_002: [10, 6], H16_003: [0, 0] });
    expect(grown.real.heuristic_performance).toMatchObject({
      H16_001: { applications: 15, successes: 9 },
      H16_002: { applications: 10, successes: 6 },
    });
    expect(grown.real.heuristic_weights).toEqual({ H16_001: 1, H16_002: 0.95 });
    const anew = await rewrite(grown, { H16_001: [5, 5], H16_002: [1, 1] });
    expect(anew.real.heuristic_performance.H16_001).toEqual({ applications: 20, successes: 14 });
    expect(anew.real.heuristic_weights).toEqual({ H16_001: 1.05, H16_002: 1 });
  });

  it("adds rows, files and one weight step, and nothing the second time", async () => {
    const { sources } = outputs(FILES);
    const phases = await loadPhases(sources);
    const state = learn(EMPTY_STATE, phases);
    expect(state.real).toMatchObject({ outcomes: 20, heuristic_weights: { H16_001: 1.05, H16_002: 0.95 } });
    expect(state.real.heuristic_weights).not.toHaveProperty("H16_003");
    expect(state.files).toEqual(phases.learnedFiles);
    expect(learnedStateSchema.parse(state)).toEqual(state);
    expect(learn(state, phases)).toBe(state);
    const again = await loadPhases(sources, { known: state.files });
    expect(learnedStateText(learn(state, again))).toBe(learnedStateText(state));
  });

  it("learns a grown file as it would the whole of it", async () => {
    const { root, sources } = outputs(FILES);
    const early = learn(EMPTY_STATE, await loadPhases(sources));
    appendFileSync(join(root, P18), jsonLines(Array.from({ length: 15 }, (_, k) => outcome(20 + k))));
    const grown = learn(early, await loadPhases(sources, { known: early.files }));
    const phases = await loadPhases(sources);
    const whole = learn(EMPTY_STATE, phases);
    expect(grown.real.outcomes).toBe(35);
    expect(grown.real.heuristic_weights).toEqual(whole.real.heuristic_weights);
    expect(grown.real.evidence).toEqual(whole.real.evidence);
    const [a, b] = [predict(phases, grown), predict(phases, whole)];
    a.forEach(({ successProbability, durationMs }, k) => {
      expect(successProbability).toBeCloseTo(b[k]!.successProbability, 9);
      expect(durationMs).toBeCloseTo(b[k]!.durationMs, 9);
    });
  });

  it("refuses phases whose known rows would count again", async () => {
    const { root, sources } = outputs(FILES);
    const state = learn(EMPTY_STATE, await loadPhases(sources));
    appendFileSync(join(root, "phase17/heuristic_performance.json"), "\n");
    const careless = await loadPhases(sources);
    expect(() => learn(state, careless)).toThrow(ModelError);
  });

  it("keeps the rows in the history until they are learned", async () => {
    const phases = await loadPhases(outputs(FILES).sources);
    const state = learn(EMPTY_STATE, phases);
    expect(historyFor(phases, EMPTY_STATE, "real").outcomes).toHaveLength(20);
    expect(historyFor(phases, state, "real").outcomes).toEqual([]);
    expect(predict(phases, state)).toEqual(predict(phases, EMPTY_STATE));
  });

  it("feeds back: state → file → state gives the same predictions, other than before", async () => {
    const phases = await loadPhases(outputs(FILES).sources);
    const start = learn(EMPTY_STATE, phases);
    const after = learnWave(start, simpleWave(30, 3));
    const back = parseLearnedState(learnedStateText(after), "state.json");
    expect(back).toEqual(after);
    expect(predict(phases, back)).toEqual(predict(phases, after));
    expect(predict(phases, back)[0]!.successProbability).toBeLessThan(
      predict(phases, start)[0]!.successProbability - 0.03,
    );
  });
});

describe("learnWave and closeRun", () => {
  const wave = simpleWave(10, 9);
  const close = (state: LearnedStateDocument, execution: "real" | "simulated", before = EMPTY_STATE) =>
    closeRun(state, { runId: "run1", execution, before, updated: NOW });

  it("keeps what is simulated apart and never carries it on", async () => {
    const phases = await loadPhases(outputs().sources);
    const simulated = learnWave(EMPTY_STATE, { ...wave, execution: "simulated" });
    expect(simulated.real).toEqual(EMPTY_STATE.real);
    expect(simulated.simulated.outcomes).toBe(10);
    expect(predict(phases, simulated, "real")).toEqual(predict(phases, EMPTY_STATE));
    expect(predict(phases, simulated, "simulated")).not.toEqual(predict(phases, EMPTY_STATE));
    const closed = close(simulated, "simulated");
    expect(closed.runs).toEqual([]);
    expect(weightsOf(closed)).toEqual({});
    expect(carriedState(closed)).toEqual({ ...EMPTY_STATE, run_id: "run1", updated: NOW });
  });

  it("steps weights once a run, from that run's outcomes, and lists a real run", () => {
    const first = close(learnWave(learnWave(EMPTY_STATE, wave), wave), "real");
    expect(first.real.heuristic_weights).toEqual({ H16_001: 1.05 });
    expect(first.runs).toEqual([{ run_id: "run1", outcomes: 20 }]);
    expect(first.real.heuristic_performance).toEqual({ H16_001: { applications: 20, successes: 18 } });
    const bad = learnWave(first, simpleWave(10, 1));
    const second = closeRun(bad, { runId: "run2", execution: "real", before: first, updated: NOW });
    expect(second.real.heuristic_weights).toEqual({ H16_001: 1 });
    expect(weighHeuristics(HEURISTICS, first).weights).toEqual({ H16_001: 1.05 });
    expect(learnedStateSchema.parse(second)).toEqual(second);
  });

  it("knows a run it has learned and refuses to count it twice", () => {
    const closed = close(learnWave(EMPTY_STATE, wave), "real");
    expect([hasLearnedRun(closed, "run1"), hasLearnedRun(closed, "run2")]).toEqual([true, false]);
    expect(() => close(learnWave(closed, wave), "real", closed)).toThrow(ModelError);
    expect(close(closed, "real", closed)).toEqual(closed);
  });

  it("rewards the wave's strategy by what it achieved of the mission", () => {
    const mission = { success: 3, throughput: 1 };
    const reference = {
      ...{ tasks: 10, successes: 5, attempts: 10, confidence: 0.8, confidenceDelta: 0, cost: 0, spanMs: 100 },
    };
    const done = simpleWave(10, 5, { reference });
    const state = learnWave(EMPTY_STATE, done, { mission });
    expect(state.real.strategies).toEqual({
      "maximize_success for success=0.75,throughput=0.25": { waves: 1, mean_reward: 0.5, squares: 0 },
    });
    const empty = learnWave(state, { ...done, tasks: [] }, { mission });
    expect(empty.real.strategies).toEqual(state.real.strategies);
  });
});
