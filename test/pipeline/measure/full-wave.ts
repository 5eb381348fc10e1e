import type { DeferralRecord, WaveRecord } from "../../../src/domain/run.js";
import { INTERRUPTED } from "../../../src/pipeline/execute/attempt-outcome.js";
import { attempt, plan, ran, wave } from "../learn/records.js";

/** A wave in which everything happens: its figures are counted by hand in the tests that read it. */

/** Five tasks of the plan: x goes to another agent, y fails, z waits for x, i is cut off, w and v never start. */
const PLANNED = [
  plan("x", { taskType: "sql", endIntervalMs: [50, 150], successProbability: 0.9, durationMs: 80, cost: 8 }),
  plan("y", {
    ...{ slot: 1, endMs: 60, endIntervalMs: [30, 90], taskType: "sql", riskLevel: "MEDIUM", successProbability: 0.5 },
    ...{ durationMs: 50, retries: 1, confidenceDelta: 0.02, cost: 10 },
  }),
  plan("z", {
    ...{ agentId: "b", startMs: 100, endMs: 220, endIntervalMs: [150, 250], riskLevel: "HIGH", dependsOn: ["x"] },
    ...{ successProbability: 0.8, durationMs: 120, retries: 0, confidenceDelta: 0.06, cost: 2 },
  }),
  plan("w", { agentId: "b", startMs: 220, endMs: 260, dependsOn: ["y"], successProbability: 0.5 }),
  plan("v", { agentId: "b", startMs: 260, endMs: 300, successProbability: 0.7 }),
  plan("i", { startMs: 100, endMs: 160, endIntervalMs: [50, 300], successProbability: 0.6, retries: 0 }),
];

const RAN = [
  ran(
    "x",
    [
      attempt("x", { endMs: 90, durationMs: 60, succeeded: false, heuristicsApplied: ["H2", "H1", "H2"] }),
      attempt("x", { agentId: "b", attempt: 2, startMs: 90, endMs: 130, durationMs: 40, heuristicsApplied: ["H2"] }),
    ],
    { confidenceDelta: 0.05 },
  ),
  ran(
    "y",
    [
      attempt("y", { slot: 1, endMs: 50, durationMs: 25, succeeded: false }),
      attempt("y", { slot: 1, attempt: 2, startMs: 50, endMs: 110, durationMs: 45, succeeded: false, fault: "threw" }),
    ],
    { confidenceDelta: null, failureReason: "it threw" },
  ),
  ran("z", [attempt("z", { agentId: "b", startMs: 130, endMs: 230, durationMs: 90 })], {
    ...{ plannedAgentId: "b", confidenceDelta: 0.03 },
  }),
  ran(
    "i",
    [
      attempt("i", {
        ...{ startMs: 90, endMs: 260, durationMs: 170, succeeded: false, fault: "aborted" },
        heuristicsApplied: ["H1"],
      }),
    ],
    { confidenceDelta: null },
  ),
];

function putOff(taskId: string, stage: DeferralRecord["stage"], reason: string, wavesWaited?: number): DeferralRecord {
  return { taskId, wave: 1, stage, reason, isFinal: true, ...(wavesWaited !== undefined && { wavesWaited }) };
}

const DEFERRALS: readonly DeferralRecord[] = [
  { ...putOff("needs-word", "gate", "nobody has approved it", 3), hold: "approval" },
  { ...putOff("unsure", "gate", "too little confidence", 4), hold: "confidence" },
  { ...putOff("unknown", "gate", "risk level NEW is unknown", 4), hold: "unknown_word", isFinal: false },
  putOff("behind", "plan", "depends on unsure", 2),
  putOff("waits", "plan", "waits for unsure"),
  putOff("no-room", "plan", "it depends on capacity"),
  putOff("w", "execution", "y failed"),
  putOff("v", "execution", "no agent is left"),
  putOff("dear", "plan", "placing it breaks budget"),
];

/** Says of i that it was cut off, so that the end of the wave is not known. */
export const CUT_OFF: readonly DeferralRecord[] = [
  ...DEFERRALS,
  putOff("i", "execution", `${INTERRUPTED} while it ran`),
];

const PASSED = {
  ...{ wave: 1, riskLevel: "LOW", confidence: 0.8, reason: "LOW risk" },
  ...{ approval: "approved" as const, liveApproval: "approved" as const },
};

export function fullWave(over: Partial<WaveRecord> = {}): WaveRecord {
  const ids = ["x", "y", "z", "w", "v", "i", "needs-word"];
  return wave(PLANNED, RAN, {
    agents: [
      { agentId: "a", slots: 2, availableFromMs: 0 },
      { agentId: "b", slots: 1, availableFromMs: 0 },
      { agentId: "c", slots: 1, availableFromMs: 0 },
    ],
    gate: ids.map((taskId) => ({ ...PASSED, taskId })),
    deferrals: DEFERRALS,
    ...over,
  });
}
