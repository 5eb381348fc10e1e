import { z } from "zod";
import { isKnown, markKnown, reading, RISK_LEVELS, STRATEGIES, type WaveRecord } from "../../domain/index.js";
import { check } from "../../domain/schemas/index.js";

const CURE = "pass what AdaptiveScheduler.recordWave or Phase19Harness.settle returned";

const text = () => z.string();
const number = () => z.number();
const texts = () => z.array(z.string());

const attempt = z.looseObject({
  ...{ taskId: text(), agentId: text(), slot: number(), attempt: number(), startMs: number(), endMs: number() },
  ...{ durationMs: number(), succeeded: z.boolean(), confidenceBefore: number(), confidenceAfter: number() },
  ...{ heuristicsApplied: texts(), errorMessage: text().nullable(), fault: text().nullable() },
});

const recordSchema = z.looseObject({
  wave: z.int().min(0),
  execution: z.enum(["simulated", "real"]),
  strategy: z.enum(STRATEGIES),
  strategyReason: text(),
  agents: z.array(z.looseObject({ agentId: text(), slots: number(), availableFromMs: number() })).min(1),
  gate: z.array(z.looseObject({ taskId: text(), approval: text(), liveApproval: text(), riskLevel: text() })),
  result: z.looseObject({
    termination: text(),
    objective: z.looseObject({ gap: number().nullable() }),
    expected: z.looseObject({ makespan_ms: number().nullable() }),
    options: z.looseObject({ weights: z.record(text(), number()) }),
  }),
  planned: z.array(
    z.looseObject({
      ...{ taskId: text(), agentId: text(), slot: number(), startMs: number(), endMs: number() },
      ...{ endIntervalMs: z.tuple([number(), number()]), riskLevel: z.enum(RISK_LEVELS), taskType: text().nullable() },
      ...{ confidence: number(), weight: number(), priority: number(), dependsOn: texts(), reason: text() },
      ...{ successProbability: number(), attemptProbabilities: z.array(number()), durationMs: number() },
      ...{ durationLogSpread: number(), retries: number(), confidenceDelta: number(), cost: number() },
      confidenceDeltaSpread: number(),
    }),
  ),
  forecast: z
    .looseObject({ makespanMs: z.instanceof(Float64Array), successRate: z.instanceof(Float64Array) })
    .nullable(),
  tasks: z.array(
    z.looseObject({
      ...{ taskId: text(), plannedAgentId: text(), agentId: text(), slot: number(), startMs: number() },
      ...{ endMs: number(), succeeded: z.boolean(), attempts: z.array(attempt).min(1), confidence: number() },
      ...{ confidenceDelta: number().nullable(), failureReason: text().nullable() },
    }),
  ),
  deferrals: z.array(
    z.looseObject({ taskId: text(), stage: text(), reason: text(), isFinal: z.boolean(), wave: number() }),
  ),
  baseline: z.looseObject({ name: text() }).nullable(),
});

/** Looks through a record that somebody else made. O(tasks + attempts). @throws InputError with the path, the value and the cure */
export function checkRecord(record: WaveRecord): void {
  if (isKnown(record)) return;
  reading("record", CURE, () => {
    check<unknown>(recordSchema, record, "record");
    markKnown(record);
  });
}
