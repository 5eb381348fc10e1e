import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  AdaptiveOptimizer,
  AdaptiveScheduler,
  closeSolvers,
  createHeuristics,
  createLearnedState,
  evaluateOutcomes,
  InputError,
  OptimizationFeedbackLoop,
  OptimizationMonitor,
  Phase19Harness,
  type PlannedSchedule,
} from "../../../src/index.js";
import { copyFixture, readLines } from "../../support/pipeline-runs.js";

afterAll(closeSolvers);

let root = "";
let optimizer: AdaptiveOptimizer;
let plan: PlannedSchedule;
beforeAll(async () => {
  root = copyFixture("demo");
  optimizer = new AdaptiveOptimizer({ solver: "greedy" });
  await optimizer.loadPhase18Data({ phase16Dir: join(root, "phase16"), phase18Dir: join(root, "phase18") });
  plan = await optimizer.optimizeForSuccess({ wave: 1 });
}, 60_000);

describe("the classes in a chain", () => {
  it("need nothing but each other's results", async () => {
    const { heuristics } = optimizer;
    const scheduler = new AdaptiveScheduler(plan.problem, plan, { heuristics, wave: 1, seed: 3 });
    const record = scheduler.recordWave(await scheduler.executeSchedule());
    const loop = new OptimizationFeedbackLoop({ heuristics, now: () => "2026-01-01T00:00:00.000Z" });
    const monitor = new OptimizationMonitor();
    const comparison = loop.evaluateScheduleOutcome(record);
    // With the chance that what a task waits for succeeds.
    expect(comparison.planned_success_rate).toBeCloseTo(plan.expected_success_rate!, 9);
    expect(monitor.observeWave(record).metrics).toHaveLength(5);
    expect(record.tasks).toHaveLength(plan.schedule.length);
    const directory = join(root, "feedback");
    const row = await loop.updatePhase16Heuristics("mine", directory);
    await loop.updatePhase18Coordination("mine", monitor.detectAnomalies(), directory);
    await loop.updatePhase16Heuristics("mine", directory);
    expect(readLines(directory, "phase19_feedback.jsonl")).toHaveLength(2);
    expect(readLines(directory, "phase19_feedback.jsonl")[0]).toEqual(JSON.parse(JSON.stringify(row)));
  });

  it("keep the problem out of the document", () => {
    expect(Object.keys(plan)).not.toContain("problem");
    expect(JSON.stringify(plan)).not.toContain('"problem":');
    expect(plan.problem.tasks).toHaveLength(12);
  });

  it("begin with constructors that need nothing", () => {
    expect(createHeuristics().boost).toBeNull();
    expect(createLearnedState().real.outcomes).toBe(0);
    expect(new OptimizationFeedbackLoop().generateLearningSignals()).toHaveLength(1);
    expect(new OptimizationMonitor().calculateMetrics()).toHaveLength(5);
  });
});

/** Proxies whose every use throws; a revoked one cannot even be asked for its kind. */
function hostile(): unknown[] {
  const fail = (): never => {
    throw new RangeError("hostile");
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return [new Proxy({}, { get: fail, ownKeys: fail, getPrototypeOf: fail, has: fail }), proxy];
}
const VALUES: readonly unknown[] = [
  ...[null, NaN, Infinity, -1, 0.5, 1e308, 2 ** 53, 10n, true, "", "x", "\0", "__proto__", "x".repeat(1e5)],
  ...[Symbol("s"), [], [null], {}, { tasks: null }, { tasks: [{}] }, () => undefined, new Date(NaN), new Map()],
  ...[Object.create(null), { constructor: 1, __proto__: null }, { toString: null }],
  ...hostile(),
];

/** An answer or an InputError; anything else is ours. */
async function outcomeOf(call: () => unknown): Promise<string | null> {
  try {
    await call();
    return null;
  } catch (error) {
    if (error instanceof InputError && error.place !== "" && error.rule !== "") return null;
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

/** Where a row would be written. */
const isFolderName = (value: unknown): boolean => typeof value === "string" && /^\w+$/.test(value);

type Call = (value: never) => unknown;
const named = (calls: Readonly<Record<string, Call>>): [string, Call][] => Object.entries(calls);

describe("a wrong argument is an InputError with its place", () => {
  const scheduler = () => new AdaptiveScheduler(plan.problem, plan);
  const loop = () => new OptimizationFeedbackLoop();
  const CALLS = named({
    "new AdaptiveOptimizer": (v) => new AdaptiveOptimizer(v),
    loadPhase18Data: (v) => new AdaptiveOptimizer().loadPhase18Data(v),
    "loadPhase18Data, a path": (v) => new AdaptiveOptimizer().loadPhase18Data({ phase18Dir: v }),
    "calculateOptimalSchedule, strategy": (v) => optimizer.calculateOptimalSchedule(v, { wave: 99 }),
    "calculateOptimalSchedule, request": (v) => optimizer.calculateOptimalSchedule("mix", v),
    "optimizeForSuccess, wave": (v) => optimizer.optimizeForSuccess({ wave: v, timeLimitMs: 1 }),
    "optimizeForSuccess, agents": (v) => optimizer.optimizeForSuccess({ wave: 1, agents: v, timeLimitMs: 1 }),
    simulateSchedule: (v) => optimizer.simulateSchedule(v),
    "simulateSchedule, options": (v) => optimizer.simulateSchedule(plan, v),
    "simulateSchedule, replications": (v) => optimizer.simulateSchedule(plan, { replications: v }),
    updateConfidenceEstimates: (v) => optimizer.updateConfidenceEstimates(v),
    generateScheduleRecommendations: (v) => optimizer.generateScheduleRecommendations(v),
    "new AdaptiveScheduler, problem": (v) => new AdaptiveScheduler(v, plan),
    "new AdaptiveScheduler, result": (v) => new AdaptiveScheduler(plan.problem, v),
    "new AdaptiveScheduler, options": (v) => new AdaptiveScheduler(plan.problem, plan, v),
    "new AdaptiveScheduler, heuristics": (v) => new AdaptiveScheduler(plan.problem, plan, { heuristics: v }),
    fromDocument: (v) => AdaptiveScheduler.fromDocument(v, plan),
    "fromDocument, result": (v) => AdaptiveScheduler.fromDocument({ agents: [], tasks: [] }, v),
    prioritizeTasks: (v) => scheduler().prioritizeTasks(v),
    adjustForAgentLoad: (v) => scheduler().adjustForAgentLoad(v),
    "adjustForAgentLoad, unavailable": (v) => scheduler().adjustForAgentLoad({ unavailable: v }),
    "adjustForAgentLoad, loadBoundMs": (v) => scheduler().adjustForAgentLoad({ loadBoundMs: v }),
    evaluateOutcomes: (v) => evaluateOutcomes(plan, v),
    "evaluateOutcomes, outcomes": (v) => evaluateOutcomes(plan, { outcomes: v, outputsDir: root }),
    "evaluateOutcomes, problem": (v) => evaluateOutcomes(plan, { outcomes: "nowhere", problem: v, outputsDir: root }),
    executeSchedule: (v) => scheduler().executeSchedule(v),
    "executeSchedule, planned": (v) => scheduler().executeSchedule({ planned: v }),
    "executeSchedule, executor": (v) => scheduler().executeSchedule({ executor: v }),
    recordWave: (v) => scheduler().recordWave(v),
    simulateTaskExecution: (v) => scheduler().simulateTaskExecution(v),
    calculateScheduleAdherence: (v) => scheduler().calculateScheduleAdherence(v),
    handleTaskFailure: (v) => scheduler().handleTaskFailure(v),
    "new OptimizationFeedbackLoop": (v) => new OptimizationFeedbackLoop(v),
    "new OptimizationFeedbackLoop, state": (v) => new OptimizationFeedbackLoop({ state: v }),
    "new OptimizationFeedbackLoop, heuristics": (v) => new OptimizationFeedbackLoop({ heuristics: v }),
    evaluateScheduleOutcome: (v) => loop().evaluateScheduleOutcome(v),
    generateFeedbackEvents: (v) => loop().generateFeedbackEvents(v),
    agentFeedback: (v) => loop().agentFeedback(v),
    calibrationRow: (v) => loop().calibrationRow(v),
    updatePhase16Heuristics: (v) => loop().updatePhase16Heuristics(v),
    "updatePhase16Heuristics, directory": (v) => (isFolderName(v) ? null : loop().updatePhase16Heuristics("r", v)),
    updatePhase18Coordination: (v) => loop().updatePhase18Coordination("r", v),
    "new OptimizationMonitor": (v) => new OptimizationMonitor(v),
    "new OptimizationMonitor, numWaves": (v) => new OptimizationMonitor({ numWaves: v }),
    observeWave: (v) => new OptimizationMonitor().observeWave(v),
    "new Phase19Harness": (v) => new Phase19Harness(v),
    createHeuristics: (v) => createHeuristics(v),
    createLearnedState: (v) => createLearnedState(v),
  });

  it.each(CALLS)("%s", async (_, call) => {
    const faults = [];
    for (const value of VALUES) {
      const fault = await outcomeOf(() => call(value as never));
      if (fault !== null) faults.push([labelOf(value), fault]);
    }
    expect(faults).toEqual([]);
  });

  it("an id that is not in the wave, which nobody would miss", () => {
    const adjust = (ids: object) => () => scheduler().adjustForAgentLoad(ids);
    expect(adjust({ unavailable: new Set(["agent_9"]) })).toThrow('options.unavailable: "agent_9" is not in the wave');
    expect(adjust({ fixed: new Set(["agent_1"]) })).toThrow('options.fixed: "agent_1" is not in the wave');
  });

  it("in every step of a run, before it has begun and after", async () => {
    const harness = new Phase19Harness({ outputsDir: root, outDir: join(root, "out"), solver: "greedy" });
    const steps = (): [string, Call][] =>
      named({
        applySafetyGates: (v) => harness.applySafetyGates(v),
        chooseStrategy: (v) => harness.chooseStrategy(v),
        optimizeWave: (v) => harness.optimizeWave(v, v),
        applyScheduler: (v) => harness.applyScheduler(v),
        executeWave: (v) => harness.executeWave(v),
        settle: (v) => harness.settle(v, v, v, v),
        generateFeedback: (v) => harness.generateFeedback(v),
        monitorOptimization: (v) => harness.monitorOptimization(v),
        writeJsonlOutputs: (v) => harness.writeJsonlOutputs(v, v, v),
      });
    const faults: unknown[] = [];
    const tryAll = async (): Promise<void> => {
      for (const [name, call] of steps()) {
        for (const value of VALUES) {
          const fault = await outcomeOf(() => call(value as never));
          if (fault !== null) faults.push([name, labelOf(value), fault]);
        }
      }
    };
    await tryAll();
    await harness.loadPhase18Data();
    await harness.initializeOptimizer();
    await tryAll();
    await harness.close();
    expect(faults).toEqual([]);
    expect(existsSync(join(root, "out"))).toBe(false);
  });
});

function labelOf(value: unknown): string {
  try {
    return `${typeof value} ${String(value).slice(0, 20)}`;
  } catch {
    return typeof value;
  }
}
