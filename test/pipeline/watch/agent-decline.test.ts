import { describe, expect, it } from "vitest";
import type { Random } from "../../../src/domain/random.js";
import { drawingRandom } from "../../support/drawing-random.js";
import type { WaveRecord } from "../../../src/domain/run.js";
import type { AnomalyRow } from "../../../src/domain/schemas/phase19-run.js";
import { OptimizationMonitor } from "../../../src/pipeline/watch/optimization-monitor.js";
import { agentIdOf, emptyWave, planWave, playWave } from "../../support/wave-records.js";
import { INSTANT } from "./worlds.js";

const NUM_WAVES = 20;
const CHANGE_WAVE = 10;
/** Waves from the change on, it included, in which the agent must be named. */
const NAMING_WAVES = 5;
const NUM_SEEDS = 20;
const NUM_QUIET_SEEDS = 10;
/** False alarms among them: the budget allows one in 33 runs, so more have a chance of 4 %. */
const MAX_FALSE_ALARMS = 1;
const TASKS_PER_WAVE = 40;
const CHANGED = "agent_0";

interface DrawnTask {
  readonly agentId: string;
  readonly taskType: string;
  readonly chance: number;
}
type Deal = (wave: number, random: Random) => readonly DrawnTask[];

const { planned: templates, forecast } = planWave({ numAgents: 1, numTasks: 1 }, 1, 1);

/** One attempt a task, planned with its true chance, so that no other detector has anything to see. */
function waveOf(wave: number, numAgents: number, drawn: readonly DrawnTask[], random: Random): WaveRecord {
  const shape = { numAgents, numTasks: drawn.length };
  const planned = drawn.map(({ agentId, taskType, chance }, k) => ({
    ...{ ...templates[0]!, taskId: `task_${k}`, agentId, taskType, successProbability: chance },
    ...{ attemptProbabilities: [chance], retries: 0, endIntervalMs: [0, 1e9] as const },
  }));
  return { ...emptyWave(wave, shape), ...playWave({ wave, shape, planned, forecast }, random) };
}

/** What names agents as declined, wave by wave, in a run of 20 waves. */
function declinesIn(
  numAgents: number,
  deal: Deal,
  seed: number,
): { readonly wave: number; readonly row: AnomalyRow }[] {
  const random = drawingRandom(seed);
  const monitor = new OptimizationMonitor({
    ...{ execution: "real", numWaves: NUM_WAVES, phase18Health: null },
    timestamp: () => INSTANT,
  });
  return Array.from({ length: NUM_WAVES }, (_, k) => k + 1).flatMap((wave) =>
    monitor
      .observeWave(waveOf(wave, numAgents, deal(wave, random), random))
      .newAnomalies.filter(({ anomaly_id }) => /^AN_PERFORMANCE_DEGRADATION_agent/.test(anomaly_id))
      .map((row) => ({ wave, row })),
  );
}

const seeds = Array.from({ length: NUM_SEEDS }, (_, k) => k + 1);
const typeOf = (k: number): string => `type_${k % 5}`;
const within = (wave: number): boolean => wave >= CHANGE_WAVE && wave < CHANGE_WAVE + NAMING_WAVES;

/** Nine tasks a wave for the agent that loses 40 points, and six for each of five others; tasks after it changed by `left`. */
const degrading =
  (left: (wave: number) => number): Deal =>
  (wave) => {
    const own = wave < CHANGE_WAVE ? 9 : left(wave);
    const chance = wave < CHANGE_WAVE ? 0.88 : 0.48;
    return Array.from({ length: TASKS_PER_WAVE }, (_, k) =>
      k < own
        ? { agentId: CHANGED, taskType: typeOf(k + wave), chance }
        : { agentId: agentIdOf(1 + (k % 5)), taskType: typeOf(k + wave), chance: 0.7 },
    );
  };

describe("an agent that has become worse", () => {
  it("is named within five waves of a loss of 40 points", () => {
    const hits = seeds.filter((seed) =>
      declinesIn(
        6,
        degrading(() => 9),
        seed,
      ).some(({ wave, row }) => within(wave) && row.affected_agents[0] === CHANGED),
    );
    expect(hits.length).toBeGreaterThanOrEqual(0.75 * NUM_SEEDS);
  });

  it("is named in most runs where tasks are moved away from it, and its plan expects what it does", () => {
    const moving = (wave: number): number => [9, 9, 7, 4, 3][wave - CHANGE_WAVE] ?? 0;
    const hits = seeds.filter((seed) =>
      declinesIn(6, degrading(moving), seed).some(
        ({ wave, row }) => within(wave) && row.affected_agents[0] === CHANGED,
      ),
    );
    expect(hits.length).toBeGreaterThanOrEqual(0.75 * NUM_SEEDS);
  });

  it("is described by the wave and by what it did before and after", () => {
    const { row } = declinesIn(
      6,
      degrading(() => 30),
      3,
    )[0]!;
    expect(row.description).toMatch(
      /^agent_0 has become worse since wave 10: at the same types of task it succeeded in \d+ % of \d+ attempts, before that in \d+ % of \d+\.$/,
    );
    expect(row).toMatchObject({
      anomaly_type: "performance_degradation",
      severity: "high",
      affected_agents: [CHANGED],
    });
    expect(row.affected_waves[0]).toBe(CHANGE_WAVE);
    expect(row.recommendation).toContain(CHANGED);
    expect(row.evidence.p_value!).toBeLessThanOrEqual(row.evidence.alpha!);
    expect(row.evidence.effect).toBeGreaterThan(0.2);
  });
});

describe("an agent that is what it was", () => {
  const falseAlarms = (deal: Deal, numAgents = 6): number =>
    seeds.slice(0, NUM_QUIET_SEEDS).filter((seed) => declinesIn(numAgents, deal, seed).length > 0).length;

  it("raises nothing in stationary runs", () => {
    const chanceOf = (agent: number, type: number): number => 0.6 + 0.35 * (((agent * 7 + type * 3) % 10) / 10);
    const deal: Deal = () =>
      Array.from({ length: TASKS_PER_WAVE }, (_, k) => {
        return { agentId: agentIdOf(k % 6), taskType: typeOf(k), chance: chanceOf(k % 6, k % 5) };
      });
    expect(falseAlarms(deal)).toBe(0);
  });

  it("is not blamed for harder types of task", () => {
    const deal: Deal = (wave, random) =>
      Array.from({ length: TASKS_PER_WAVE }, (_, k) => {
        const isHard = random.unit() < (wave < CHANGE_WAVE ? 0.1 : 0.9);
        return { agentId: agentIdOf(k % 6), taskType: isHard ? "hard" : "easy", chance: isHard ? 0.35 : 0.95 };
      });
    expect(falseAlarms(deal)).toBeLessThanOrEqual(MAX_FALSE_ALARMS);
  });

  it("is not named for a handful of failures", () => {
    const deal: Deal = (wave) =>
      Array.from({ length: TASKS_PER_WAVE }, (_, k) => {
        const agentId = k === 0 && wave % 2 === 0 ? "agent_11" : agentIdOf(k % 11);
        return { agentId, taskType: typeOf(k), chance: agentId === "agent_11" ? (wave < 12 ? 0.9 : 0.3) : 0.75 };
      });
    expect(falseAlarms(deal, 12)).toBe(0);
  });
});
