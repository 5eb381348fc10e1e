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
  return { succeeded: false, durationMs: null, confidenceDelta: null, retryable, errorMessage, fault };
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
      errorMessage: errorMessage ?? null,
      fault: null,
    };
  } catch (error) {
    // A getter of the answer threw.
    return rubbish(messageOf(error));
  }
}

/** What a thrown value says. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message === "" ? error.name : error.message;
  return typeof error === "string" ? error : `threw a value of type ${typeof error}`;
}
