import { describe, expect, it } from "vitest";
import { EMPTY_HISTORY, NO_HEURISTICS } from "../../../src/domain/history.js";
import { buildJointPredictor } from "../../../src/planner/prediction/predictor.js";
import { chanceAt } from "../../../src/planner/prediction/chance-predictor.js";
import { compareChoices } from "../../../src/pipeline/learn/compare-choices.js";
import { groupByWave } from "../../../src/pipeline/learn/logged-waves.js";
import type { JudgeableOutcome } from "../../../src/pipeline/learn/choose-trials.js";
import { rows as seen } from "../../planner/prediction/worlds.js";

/** "a" is good at code and bad at docs, "b" the other way round. */
const GOOD_AT: Readonly<Record<string, string>> = { a: "code", b: "docs" };
const modelOf = (numSeen: number) =>
  buildJointPredictor(
    { tasks: [] },
    {
      ...EMPTY_HISTORY,
      outcomes: ["a", "b"].flatMap((agentId) =>
        ["code", "docs"].flatMap((taskType) =>
          seen(numSeen, Math.round(numSeen * (GOOD_AT[agentId] === taskType ? 0.9 : 0.3)), { agentId, taskType }),
        ),
      ),
    },
    NO_HEURISTICS,
  );
const logged = (agentId: string, taskType: string, changes: Partial<JudgeableOutcome> = {}): JudgeableOutcome => ({
  ...{ place: "x:1", wave: 1, isFirstAttempt: true, isSingleAttempt: false, attempts: 1, succeeded: false },
  ...{ riskLevel: "LOW", confidence: 0.8, executionTimeMs: null, execution: "real", isKnown: false },
  ...{ agentId, taskType },
  ...changes,
});
/** Every task with the agent that is bad at it; 3 of 10 came. */
const WRONG = ["a", "b"].flatMap((agentId) =>
  Array.from({ length: 10 }, (_, k) =>
    logged(agentId, GOOD_AT[agentId] === "code" ? "docs" : "code", { succeeded: k < 3 }),
  ),
);
const compare = (rows: readonly JudgeableOutcome[], numSeen: number) =>
  compareChoices(rows, modelOf(numSeen), ({ confidence }) => confidence);

describe("whether the learned model would have chosen better", () => {
  it("says so where its doubt allows it, in expected successes of the first attempts", async () => {
    const model = modelOf(200);
    const found = (await compare(WRONG, 200))!;
    expect(found).toMatchObject({ waves: 1, tasks: 20, moved: 20, observed: 6, verdict: "better" });
    const chance = (agentId: string, type: string) => chanceAt(model.predict(agentId, type, "LOW"), "LOW", 0.8);
    expect(found.learned.successes).toBeCloseTo(10 * (chance("a", "code") + chance("b", "docs")), 9);
    expect(found.logged.successes).toBeCloseTo(10 * (chance("b", "code") + chance("a", "docs")), 9);
    const gain = found.gain_over_logged;
    expect(gain.successes).toBeCloseTo(found.learned.successes - found.logged.successes, 9);
    expect(gain.interval[0]).toBeGreaterThan(8);
    expect(gain.interval[1]).toBeLessThan(14);
    expect(found.gain_over_heuristic!.successes).toBeGreaterThanOrEqual(0);
    expect(found.heuristic!.successes + found.gain_over_heuristic!.successes).toBeCloseTo(found.learned.successes, 9);
    expect(found.reason).toMatch(/^the learned model would have chosen better: \d+\.\d more of 20 first attempts/);
  });

  it("cannot tell from next to nothing, nor where its predictions of what was done are wrong", async () => {
    const doubtful = (await compare(WRONG, 1))!;
    expect(doubtful.verdict).toBe("cannot_tell");
    expect(doubtful.gain_over_logged.interval[0]).toBeLessThanOrEqual(0);
    const lucky = (await compare(
      WRONG.map((row) => ({ ...row, succeeded: true })),
      200,
    ))!;
    expect(lucky.verdict).toBe("cannot_tell");
    expect(lucky.reason).toMatch(/the model expected 6\.\d successes and 20 came, so it is not to be believed/);
    const right = WRONG.map((row) => ({ ...row, taskType: GOOD_AT[row.agentId]!, succeeded: true }));
    expect(await compare(right, 200)).toMatchObject({
      ...{ moved: 0, verdict: "cannot_tell", reason: "the learned model would have chosen what was done" },
      gain_over_logged: { successes: 0, interval: [0, 0] },
    });
  });

  it("is not asked where nobody had a choice", async () => {
    expect(await compare([logged("a", "code"), logged("b", "code", { wave: 2 })], 10)).toBeNull();
  });
});

describe("waves of a log", () => {
  it("hold each task once, with room for what was done and a quarter more than an even share", () => {
    const retried = logged("b", "code", { isFirstAttempt: false });
    const ofA = Array.from({ length: 7 }, () => logged("a", "code"));
    const [wave, ...others] = groupByWave([...ofA, logged("b", "code"), retried, logged("a", "code", { wave: 2 })]);
    expect(others).toEqual([]);
    expect(wave).toMatchObject({ agentIds: ["a", "b"], maxTasks: [7, 5] });
    expect(wave!.tasks).toHaveLength(8);
  });
});
