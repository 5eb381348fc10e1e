import { z } from "zod";
import { type AttemptFault, type AttemptRecord, ERROR_KINDS, type ErrorKind } from "../../domain/index.js";
import { atLeastZero, confidenceChange, formatPath, safeParseInWords } from "../../domain/schemas/index.js";

/** Why an attempt or a task did not end, or did not start. */
export const INTERRUPTED = "the run was interrupted";

/** What came of an attempt once its answer was checked. */
export interface AttemptOutcome {
  readonly succeeded: boolean;
  /** Null where the executor did not say. */
  readonly durationMs: number | null;
  readonly confidenceDelta: number | null;
  readonly retryable: boolean;
  readonly errorMessage: string | null;
  readonly fault: AttemptFault | null;
  /** Null of a success, and where the run was interrupted. */
  readonly errorKind: ErrorKind | null;
  /** Null where the executor did not say. */
  readonly cost: number | null;
  readonly output: string | null;
}

/** Failures that say something of the task; an attempt that its agent could not make says nothing. */
export function numTaskFailures(attempts: readonly Pick<AttemptRecord, "succeeded" | "errorKind">[]): number {
  return attempts.filter(({ succeeded, errorKind }) => !succeeded && errorKind !== "agent").length;
}

const answerSchema = z.object({
  succeeded: z.boolean(),
  durationMs: atLeastZero("milliseconds").optional(),
  confidenceDelta: confidenceChange().nullish(),
  retryable: z.boolean().optional(),
  errorMessage: z.string().nullish(),
  confidenceAfter: z.number().min(0).max(1).nullish(),
  cost: atLeastZero("a cost").nullish(),
  errorKind: z.enum(ERROR_KINDS).nullish(),
  output: z.unknown().optional(),
});

/** An attempt without an answer of its own; only an interrupted one is not worth another try. */
export function faultyOutcome(fault: AttemptFault, errorMessage: string): AttemptOutcome {
  const retryable = fault !== "aborted";
  return {
    ...{ succeeded: false, durationMs: null, confidenceDelta: null, retryable, fault, cost: null, output: null },
    errorMessage: shorten(errorMessage),
    errorKind: fault === "aborted" ? null : "agent",
  };
}

/**
 * An executor's answer, or a rubbish outcome that names what is wrong with it.
 *
 * @param confidence that the attempt was made at, in [0, 1]
 */
export function readAnswer(answer: unknown, isDurationRequired: boolean, confidence: number): AttemptOutcome {
  const rubbish = (rule: string): AttemptOutcome => faultyOutcome("rubbish", `the executor's answer: ${rule}`);
  try {
    const result = safeParseInWords(answerSchema, answer);
    if (!result.success) {
      const [{ path, message }] = result.error.issues as [z.core.$ZodIssue];
      return rubbish(path.length === 0 ? message : `${formatPath(path)}: ${message}`);
    }
    const { succeeded, durationMs, retryable, errorMessage, confidenceAfter, cost, errorKind, output } = result.data;
    if (durationMs === undefined && isDurationRequired) return rubbish("durationMs: is missing");
    const gain = typeof confidenceAfter === "number" ? confidenceAfter - confidence : null;
    return {
      succeeded,
      durationMs: durationMs ?? null,
      confidenceDelta: result.data.confidenceDelta ?? gain,
      retryable: retryable ?? true,
      errorMessage: typeof errorMessage === "string" ? shorten(errorMessage) : null,
      fault: null,
      errorKind: succeeded ? null : (errorKind ?? "task"),
      cost: cost ?? null,
      output: textOf(output),
    };
  } catch (error) {
    // A getter of the answer threw.
    return rubbish(messageOf(error));
  }
}

/** An output as it is kept: a text as it is, anything else as JSON. */
function textOf(output: unknown): string | null {
  if (output === undefined || output === null) return null;
  return shorten(typeof output === "string" ? output : (JSON.stringify(output) ?? `a value of type ${typeof output}`));
}

/** What a thrown value says. A caller may throw anything, also what throws itself when it is looked at. */
export function messageOf(error: unknown): string {
  try {
    if (typeof error === "string") return error;
    const said = error instanceof Error ? error.message || error.name : null;
    return typeof said === "string" ? said : `threw a value of type ${typeof error}`;
  } catch {
    return "threw a value that cannot be looked at";
  }
}

/** Longest message or output kept of an attempt, in bytes: a row holds it, and so do reports. */
export const MAX_MESSAGE_BYTES = 16_384;

/** A message as it is kept; of a longer one its beginning, and how long it was. */
function shorten(message: string): string {
  const numBytes = Buffer.byteLength(message);
  if (numBytes <= MAX_MESSAGE_BYTES) return message;
  const note = ` … (cut; it had ${numBytes} bytes)`;
  const beginning = Buffer.from(message).subarray(0, MAX_MESSAGE_BYTES - Buffer.byteLength(note));
  // A character cut in two becomes a replacement character at the end.
  return beginning.toString("utf8").replace(/\uFFFD$/, "") + note;
}
