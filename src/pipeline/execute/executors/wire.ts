import { z } from "zod";
import { ERROR_KINDS, ModelError } from "../../../domain/index.js";
import { atLeastZero, confidenceChange, formatPath, safeParseInWords } from "../../../domain/schemas/index.js";
import type { AttemptOutcome } from "../attempt-outcome.js";
import type { AttemptRequest, AttemptResult } from "../executor.js";

/** The request as commands and services get it: one JSON object. */
export function requestToWire(request: AttemptRequest): Record<string, unknown> {
  const { predicted } = request;
  return {
    run_id: request.runId,
    wave: request.wave,
    task: request.task,
    agent_id: request.agentId,
    attempt: request.attempt,
    idempotency_key: request.idempotencyKey,
    confidence: request.confidence,
    predicted: {
      duration_ms: predicted.durationMs,
      p95_ms: predicted.p95Ms,
      success_probability: predicted.successProbability,
    },
    timeout_ms: request.timeoutMs,
  };
}

/** Unknown fields are left to whoever wrote them. */
const wireAnswerSchema = z.object({
  status: z.enum(["success", "failed"]),
  execution_time_ms: atLeastZero("milliseconds").nullish(),
  confidence_delta: confidenceChange().nullish(),
  confidence_after: z.number().min(0).max(1).nullish(),
  cost: atLeastZero("a cost").nullish(),
  error_message: z.string().nullish(),
  error_kind: z.enum(ERROR_KINDS).nullish(),
  retryable: z.boolean().nullish(),
  output: z.unknown().optional(),
});

/**
 * An answer of a command or a service.
 *
 * @throws MalformedAnswer naming what is wrong with it
 */
export function answerFromWire(value: unknown): AttemptResult {
  const parsed = safeParseInWords(wireAnswerSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    if (issue === undefined) throw new ModelError("an answer was refused for no reason");
    const { path, message } = issue;
    throw new MalformedAnswer(path.length === 0 ? message : `${formatPath(path)}: ${message}`);
  }
  const { status, execution_time_ms, confidence_delta, confidence_after, cost, error_message, error_kind } =
    parsed.data;
  return {
    succeeded: status === "success",
    ...(typeof execution_time_ms === "number" && { durationMs: execution_time_ms }),
    ...(typeof confidence_delta === "number" && { confidenceDelta: confidence_delta }),
    confidenceAfter: confidence_after ?? null,
    cost: cost ?? null,
    errorMessage: error_message ?? null,
    errorKind: error_kind ?? null,
    retryable: parsed.data.retryable ?? true,
    output: parsed.data.output,
  };
}

/** The agent answered, but not as agreed. */
export class MalformedAnswer extends Error {
  constructor(rule: string) {
    super(`the answer: ${rule}`);
    this.name = "MalformedAnswer";
  }
}

/** @throws MalformedAnswer where the text is not JSON, or not an answer */
export function parseAnswer(text: string): AttemptResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MalformedAnswer(`is not JSON: ${text.slice(0, 200)}`);
  }
  return answerFromWire(value);
}

const wireRequestSchema = z.object({
  run_id: z.string(),
  wave: z.int().min(0),
  task: z.looseObject({}),
  agent_id: z.string(),
  attempt: z.int().min(1),
  idempotency_key: z.string(),
  confidence: z.number().min(0).max(1),
  predicted: z.object({
    duration_ms: z.number().min(0),
    p95_ms: z.number().min(0),
    success_probability: z.number().min(0).max(1),
  }),
  timeout_ms: z.number().gt(0),
});

/**
 * A request that another process sent, for an executor of ours. What does not travel is what an executor on the wire does
 * not get: slot, start, and the rules that acted. Written out field by field: spreading objects into others takes many times as long.
 *
 * @throws MalformedAnswer naming what is wrong with it
 */
export function requestFromWire(value: unknown): AttemptRequest {
  const parsed = safeParseInWords(wireRequestSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new MalformedAnswer(issue === undefined ? "is no request" : `${formatPath(issue.path)}: ${issue.message}`);
  }
  const { data } = parsed;
  const { duration_ms: durationMs, p95_ms: p95Ms, success_probability: successProbability } = data.predicted;
  return {
    runId: data.run_id,
    wave: data.wave,
    taskId: String(data.task["task_id"] ?? ""),
    task: data.task,
    taskType: null,
    riskLevel: "LOW",
    agentId: data.agent_id,
    slot: 0,
    attempt: data.attempt,
    idempotencyKey: data.idempotency_key,
    confidence: data.confidence,
    startMs: 0,
    expectedDurationMs: durationMs,
    predicted: { durationMs, p95Ms, successProbability },
    timeoutMs: data.timeout_ms,
    heuristicsApplied: [],
  };
}

/** What came of an attempt, for the process that asked for it; what an answer need not say is left out where it says nothing. */
export function outcomeToWire(outcome: AttemptOutcome): Record<string, unknown> {
  const { succeeded, durationMs, confidenceDelta, cost, errorMessage, errorKind, retryable, output } = outcome;
  return {
    status: succeeded ? "success" : "failed",
    ...(durationMs !== null && { execution_time_ms: durationMs }),
    ...(confidenceDelta !== null && { confidence_delta: confidenceDelta }),
    ...(cost !== null && { cost }),
    ...(errorMessage !== null && { error_message: errorMessage }),
    ...(errorKind !== null && { error_kind: errorKind }),
    ...(!retryable && { retryable }),
    ...(output !== null && { output }),
  };
}
