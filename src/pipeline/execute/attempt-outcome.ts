import { z } from "zod";
import type { AttemptFault } from "../../domain/index.js";
import { confidenceChange, describeIssue, formatPath } from "../../domain/schemas/index.js";

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
}

const answerSchema = z.object({
  succeeded: z.boolean(),
  durationMs: z.number().min(0).optional(),
  confidenceDelta: confidenceChange().nullish(),
  retryable: z.boolean().optional(),
  errorMessage: z.string().nullish(),
});

/** An attempt without an answer of its own; only an interrupted one is not worth another try. */
export function faultyOutcome(fault: AttemptFault, errorMessage: string): AttemptOutcome {
  const retryable = fault !== "aborted";
  const message = shorten(errorMessage);
  return { succeeded: false, durationMs: null, confidenceDelta: null, retryable, errorMessage: message, fault };
}

/** An executor's answer, or a rubbish outcome that names what is wrong with it. */
export function readAnswer(answer: unknown, isDurationRequired: boolean): AttemptOutcome {
  const rubbish = (rule: string): AttemptOutcome => faultyOutcome("rubbish", `the executor's answer: ${rule}`);
  try {
    const result = answerSchema.safeParse(answer, { error: describeIssue });
    if (!result.success) {
      const [{ path, message }] = result.error.issues as [z.core.$ZodIssue];
      return rubbish(path.length === 0 ? message : `${formatPath(path)}: ${message}`);
    }
    const { succeeded, durationMs, confidenceDelta, retryable, errorMessage } = result.data;
    if (durationMs === undefined && isDurationRequired) return rubbish("durationMs: is missing");
    return {
      succeeded,
      durationMs: durationMs ?? null,
      confidenceDelta: confidenceDelta ?? null,
      retryable: retryable ?? true,
      errorMessage: typeof errorMessage === "string" ? shorten(errorMessage) : null,
      fault: null,
    };
  } catch (error) {
    // A getter of the answer threw.
    return rubbish(messageOf(error));
  }
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

/** Longest message kept of an attempt, in bytes: a row holds it, and so do reports. */
const MAX_MESSAGE_BYTES = 16_384;

/** A message as it is kept; of a longer one its beginning, and how long it was. */
function shorten(message: string): string {
  const numBytes = Buffer.byteLength(message);
  if (numBytes <= MAX_MESSAGE_BYTES) return message;
  const note = ` … (cut; it had ${numBytes} bytes)`;
  const beginning = Buffer.from(message).subarray(0, MAX_MESSAGE_BYTES - Buffer.byteLength(note));
  // A character cut in two becomes a replacement character at the end.
  return beginning.toString("utf8").replace(/\uFFFD$/, "") + note;
}
