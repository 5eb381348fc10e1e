import { describe, expect, it } from "vitest";
import { compareWave } from "../../../src/pipeline/measure/comparison.js";
import { measureWave } from "../../../src/pipeline/measure/measured-wave.js";
import { forecastOf, NOW, wave } from "../learn/records.js";
import { CUT_OFF, fullWave } from "./full-wave.js";

const of = (...args: Parameters<typeof fullWave>) => measureWave(fullWave(...args)).stats;
const UNREPORTED = { taskId: "w", wave: 1, stage: "unreported", reason: "no outcome", isFinal: true } as const;

describe("the figures of a wave in which everything happened", () => {
  it("count its tasks and what kept them", () => {
    expect(of()).toMatchObject({
      ...{ wave: 1, numTasks: 13, numFinalDeferrals: 8, numUnreported: 0, numReassigned: 1, lacksPlan: false },
      ...{ numAdhered: 2, numTimed: 4, hasGuessedTimes: false, expectedMakespanMs: null },
      agentIds: ["a", "b", "c"],
      finalDeferrals: {
        ...{ approval: 1, confidence: 1, blocked: 2, not_planned: 1 },
        ...{ predecessor_failed: 1, not_started: 1, over_budget: 1 },
      },
      starving: [
        { taskId: "unknown", wavesWaited: 4, kind: "refused" },
        { taskId: "unsure", wavesWaited: 4, kind: "confidence" },
        { taskId: "needs-word", wavesWaited: 3, kind: "approval" },
      ],
    });
    expect(of().finalDeferrals).not.toHaveProperty("refused");
  });

  it("count as assigned what ends in this wave, and not what comes again in the next", () => {
    const { deferrals } = fullWave();
    const again = deferrals.map((one) => (one.taskId === "v" ? { ...one, isFinal: false } : one));
    // x, y and z ran to their end; w and v were not started.
    expect([of().assigned.tasks, of({ deferrals: again }).assigned.tasks]).toEqual([5, 4]);
  });

  it("set plan against outcome, of the tasks that ran to their end and of all that were started", () => {
    const { ended, started } = of();
    expect([ended.tasks, started.tasks]).toEqual([3, 4]);
    expect(ended.successes).toEqual({ planned: expect.closeTo(2.2, 9) as number, actual: 2 });
    expect(started.successes).toEqual({ planned: expect.closeTo(2.8, 9) as number, actual: 2 });
    expect(ended.successVariance).toBeCloseTo(0.09 + 0.25 + 0.16, 9);
    expect(ended.makespanMs).toEqual({ planned: 220, actual: 230 });
    expect(started.makespanMs).toEqual({ planned: 220, actual: 260 });
    expect(ended.throughputPerS.planned).toBeCloseTo(10, 9);
    expect(ended.throughputPerS.actual).toBeCloseTo(2 / 0.23, 9);
    expect(ended.retries).toEqual({ planned: 1.25, actual: 2 });
    // Of x and z, whose change is known.
    expect(ended.confidenceDelta.planned).toBeCloseTo(0.05, 9);
    expect(ended.confidenceDelta.actual).toBeCloseTo(0.04, 9);
    // Agent b: 120 planned; 40 and 90 in fact. Agent a has two slots.
    expect(ended.largestLoadMs).toEqual({ planned: 120, actual: 130 });
    expect(ended.cost).toEqual({ planned: 20, actual: 8 + 7 + 1.5 });
  });

  it("are the five metrics of the contract", () => {
    const { metrics, assigned } = of();
    // x .9, y .5, z .9 · .8, w .5 · .5, v .7; the end of i is not known.
    expect(assigned).toEqual({ tasks: 5, planned: expect.closeTo(3.07, 9) as number, completed: 2 });
    expect(metrics.schedule_accuracy).toBeCloseTo(1 - (3.07 - 2) / 5, 9);
    expect(metrics.throughput_efficiency).toBeNull();
    expect(metrics.agent_utilization).toBeCloseTo((90 + 40 + 50 + 60 + 100 + 170) / (4 * 260), 9);
    expect(metrics.confidence_trajectory).toBeCloseTo(0.8, 9);
    expect(metrics.schedule_adherence).toBe(0.5);
  });

  it("compare throughput with the forecast where there is one", () => {
    const { metrics, ended, expectedMakespanMs } = of({ forecast: forecastOf(8) });
    expect(metrics.throughput_efficiency).toBeCloseTo(2 / 0.26 / 8, 9);
    expect([ended.makespanMs.planned, ended.throughputPerS.planned, expectedMakespanMs]).toEqual([200, 8, 200]);
    expect(of({ forecast: forecastOf(Infinity) }).metrics.throughput_efficiency).toBeNull();
  });

  it("say nothing of its pace where a task was not reported or cut off", () => {
    const stats = of({ forecast: forecastOf(8), deferrals: [UNREPORTED] });
    expect(stats.ended).toMatchObject({
      makespanMs: { planned: 220, actual: 230 },
      throughputPerS: { planned: null, actual: null },
    });
    expect([stats.metrics.throughput_efficiency, stats.metrics.agent_utilization]).toEqual([null, null]);
    expect([stats.numUnreported, stats.finalDeferrals]).toEqual([1, { unreported: 1 }]);
    expect(stats.assigned.tasks).toBe(3);
    const cutOff = of({ forecast: forecastOf(8), deferrals: CUT_OFF });
    expect([cutOff.ended.throughputPerS, cutOff.metrics.agent_utilization]).toEqual([stats.ended.throughputPerS, null]);
    expect(cutOff.finalDeferrals).toMatchObject({ interrupted: 1, over_budget: 1 });
  });

  it("judge no pace by times that were a guess", () => {
    const { planned } = fullWave();
    const guessed = planned.map((one) => ({ ...one, durationLogSpread: one.taskId === "x" ? 9 : 0.3 }));
    const stats = of({ planned: guessed, forecast: forecastOf(8) });
    expect([stats.hasGuessedTimes, stats.numTimed, stats.metrics.throughput_efficiency]).toEqual([true, 3, null]);
    expect(of({ planned: guessed, execution: "simulated" }).hasGuessedTimes).toBe(false);
  });

  it("become a row of comparisons", () => {
    const row = compareWave(of(), "real", NOW);
    expect(row).toMatchObject({
      ...{ wave: 1, actual_success_rate: 0.4, strategy: "maximize_success", execution: "real", timestamp: NOW },
      throughput_efficiency: null,
    });
    const [success, confidence] = [1 - 0.214, 1 - 0.01 / 0.05];
    expect(row.planned_success_rate).toBeCloseTo(0.614, 9);
    expect(row.success_accuracy).toBeCloseTo(success, 9);
    expect(row.confidence_accuracy).toBeCloseTo(confidence, 9);
    expect(row.accuracy_score).toBeCloseTo((success + confidence) / 2, 9);
    expect(row.planned_throughput).toBeCloseTo(10, 9);
    expect(row.actual_throughput).toBeCloseTo(2 / 0.23, 9);
    expect([row.planned_confidence_delta, row.actual_confidence_delta]).toEqual([
      expect.closeTo(0.05, 9),
      expect.closeTo(0.04, 9),
    ]);
  });
});

describe("a wave without a plan", () => {
  const without = (termination: string, over: Parameters<typeof fullWave>[0] = {}) => {
    const record = fullWave({ planned: [], tasks: [], deferrals: [], ...over });
    return measureWave({ ...record, result: { ...record.result, termination } as typeof record.result }).stats;
  };

  it("lacks one where something was approved", () => {
    const lacking = ["infeasible", "no_solution", "error", "optimal", "feasible"].map((one) => without(one).lacksPlan);
    expect(lacking).toEqual([true, true, true, false, false]);
    const { gate } = fullWave();
    const none = gate.map((one) => ({ ...one, approval: "deferred" as const }));
    expect([without("error", { gate: none }).lacksPlan, without("error", { gate: [] }).lacksPlan]).toEqual([
      false,
      false,
    ]);
    expect(without("error", { gate: [...none, gate[0]!] }).lacksPlan).toBe(true);
  });

  it("has no rates, no pace and an idle team", () => {
    const stats = without("infeasible");
    expect(Object.values(stats.metrics)).toEqual([null, null, null, null, null]);
    expect(stats.ended).toMatchObject({ tasks: 0, makespanMs: { planned: 0, actual: 0 } });
    expect(stats.ended.throughputPerS).toEqual({ planned: null, actual: null });
    expect(compareWave(stats, "real", NOW)).toMatchObject({ planned_success_rate: null, accuracy_score: null });
  });
});

describe("a record that somebody else made", () => {
  it("is refused with the place of what is wrong", () => {
    const started = fullWave().tasks;
    expect(() => measureWave(wave([], started))).toThrow('"x" was started in wave 1 and is not in record.planned');
    expect(() => measureWave(fullWave({ wave: -1 }))).toThrow("record: wave: -1 is less than 0");
    expect(() => measureWave(fullWave({ agents: [] }))).toThrow("record: agents");
  });

  it("is measured once", () => {
    const record = fullWave();
    expect(measureWave(record)).toBe(measureWave(record));
  });
});
