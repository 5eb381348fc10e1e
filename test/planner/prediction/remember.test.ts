import { describe, expect, it } from "vitest";
import { GAIN_UNIT, LOG_TIME_UNIT, type KindEvidence, type Trials } from "../../../src/domain/evidence.js";
import type { Random } from "../../../src/domain/random.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { NO_EVIDENCE } from "../../../src/domain/schemas/evidence.js";
import { sumsOf } from "../../../src/planner/prediction/sums.js";
import { bandTrials } from "../../../src/planner/prediction/trial-bands.js";
import {
  findChanges,
  type Memory,
  RECENT_WAVES,
  rememberWave,
  wholeEvidence,
} from "../../../src/planner/prediction/remember.js";
import { evidenceToDocument } from "../../../src/planner/prediction/evidence-document.js";
import { testChange } from "../../../src/planner/prediction/change-test.js";

const NOTHING: Memory = { evidence: NO_EVIDENCE, recent: [] };

function evidenceOf(
  agentId: string,
  taskType: string,
  trials: Trials[],
  timesMs: readonly number[] = [],
): KindEvidence {
  return {
    kind: { agentId, taskType, riskLevel: "LOW" },
    isBefore: false,
    trials: bandTrials(trials),
    logTimes: sumsOf(timesMs.map(Math.log), LOG_TIME_UNIT),
    gains: sumsOf([], GAIN_UNIT),
  };
}

/** Successes of n attempts at .8. */
const tries = (count: number, successes: number): Trials[] => [{ confidence: 0.8, count, successes }];
const draw = (random: Random, n: number, p: number): number =>
  Array.from({ length: n }, () => (random.unit() < p ? 1 : 0)).reduce<number>((sum, one) => sum + one, 0);

describe("testChange", () => {
  it("finds nothing to compare in another type, and nothing in equal shares", () => {
    const before = [evidenceOf("a", "code", tries(40, 36))];
    expect(testChange(before, [evidenceOf("a", "docs", tries(20, 2))]).success).toBe(0);
    expect(testChange(before, [evidenceOf("a", "code", tries(20, 18))]).success).toBeLessThan(0.1);
  });

  it("is about the deviance of two shares, computed apart", () => {
    const [n0, s0, n1, s1] = [200, 160, 50, 25];
    const entropy = (n: number, s: number): number => s * Math.log(s / n) + (n - s) * Math.log(1 - s / n);
    const deviance = 2 * (entropy(n0, s0) + entropy(n1, s1) - entropy(n0 + n1, s0 + s1));
    const { success } = testChange([evidenceOf("a", "code", tries(n0, s0))], [evidenceOf("a", "code", tries(n1, s1))]);
    expect(success).toBeGreaterThan(0.85 * deviance);
    expect(success).toBeLessThan(1.02 * deviance);
  });

  it("compares times within types, so that slower kinds of task are no change", () => {
    const times = (mean: number) => [0.8, 0.9, 1, 1.1, 1.25, 0.95].map((factor) => factor * mean);
    const before = [evidenceOf("a", "code", [], times(20)), evidenceOf("a", "docs", [], times(200))];
    const mix = [evidenceOf("a", "docs", [], times(200))];
    expect(testChange(before, mix).time).toBeLessThan(1e-9);
    expect(testChange(before, [evidenceOf("a", "docs", [], times(400))]).time).toBeGreaterThan(10);
  });
});

describe("rememberWave", () => {
  const learn = (shareOf: (wave: number, agent: number) => number, numWaves: number, seed: number) => {
    const random = drawingRandom(seed);
    let memory = NOTHING;
    const found: { wave: number; agentId: string }[] = [];
    for (let wave = 0; wave < numWaves; wave++) {
      const added = Array.from({ length: 6 }, (_, agent) =>
        ["code", "docs"].map((type, t) =>
          evidenceOf(`agent_${agent}`, type, tries(3 + t, draw(random, 3 + t, shareOf(wave, agent)))),
        ),
      ).flat();
      const before = memory;
      memory = rememberWave(memory, added);
      const marked = wholeEvidence(memory).trials.filter((row) => row[3] === 1);
      const known = wholeEvidence(before).trials.filter((row) => row[3] === 1);
      for (const agent of new Set(marked.map((row) => row[0]))) {
        if (!known.some((row) => row[0] === agent)) found.push({ wave, agentId: `agent_${agent}` });
      }
    }
    return { memory, found };
  };
  const numAttempts = ({ trials }: ReturnType<typeof wholeEvidence>): number =>
    trials.reduce(
      (sum, row) => sum + (row.slice(4) as number[]).filter((_, k) => k % 3 === 0).reduce((a, b) => a + b, 0),
      0,
    );

  it("finds an agent that loses forty points soon, and keeps all it saw", () => {
    const delays = Array.from({ length: 40 }, (_, seed) => {
      const { memory, found } = learn((wave, agent) => (agent === 2 && wave >= 10 ? 0.5 : 0.9), 16, seed);
      // What was marked twice is dropped.
      if (found.length <= 1) expect(numAttempts(wholeEvidence(memory))).toBe(16 * 6 * 7);
      return found.find(({ agentId, wave }) => agentId === "agent_2" && wave >= 10)?.wave ?? Infinity;
    });
    expect(delays.filter((wave) => wave <= 12).length).toBeGreaterThanOrEqual(32);
  });

  it("seldom finds what is not there", () => {
    const numFalse = Array.from({ length: 40 }, (_, seed) => learn(() => 0.85, 20, 100 + seed).found.length);
    expect(numFalse.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(0.35 * 40);
  });

  it("marks times alone where only times changed", () => {
    const wave = (paceMs: number, random: Random) =>
      evidenceOf(
        "a",
        "code",
        tries(8, 6),
        Array.from({ length: 8 }, () => paceMs * Math.exp(0.3 * (random.unit() - 0.5))),
      );
    const random = drawingRandom(7);
    let memory = NOTHING;
    for (let k = 0; k < 6; k++) memory = rememberWave(memory, [wave(k < 4 ? 20 : 60, random)]);
    const { trials, log_times: logTimes } = wholeEvidence(memory);
    expect(trials.map((row) => row[3])).toEqual([0]);
    expect(logTimes.map((row) => row[2])).toEqual([0, 1]);
  });

  it("hardly ever finds a change of times that is not there, with few times to go by", () => {
    let numFalse = 0;
    for (let seed = 0; seed < 60; seed++) {
      const random = drawingRandom(1000 + seed);
      let memory = NOTHING;
      for (let k = 0; k < 12; k++) {
        const added = ["a", "b", "c"].map((agentId) =>
          evidenceOf(
            agentId,
            "code",
            tries(2, 1),
            [random.unit(), random.unit()].map((luck) => 20 * (1 + luck)),
          ),
        );
        numFalse += findChanges({ ...memory, recent: [...memory.recent, evidenceToDocument(added)] }).filter(
          ({ what }) => what === "time",
        ).length;
        memory = rememberWave(memory, added);
      }
    }
    expect(numFalse).toBeLessThanOrEqual(3);
  });

  it("holds the last waves apart and no more", () => {
    const { memory } = learn(() => 0.8, 12, 1);
    expect(memory.recent).toHaveLength(RECENT_WAVES);
    expect(findChanges(memory)).toEqual([]);
    expect(rememberWave(memory, [])).toBe(memory);
  });
});
