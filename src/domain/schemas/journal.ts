import { z } from "zod";
import { ERROR_KINDS, EXECUTION_KINDS } from "../run.js";
import { gateHold, strict, text, wholeNumber } from "./fields.js";
import { agentId, finite, rate, taskId, timeMs, timestamp, waveNumber, words } from "./output-fields.js";
import { resultSchema } from "./result.js";

/** Rows of `phase19.journal.jsonl`, in the order in which things happened. It is the truth of a live run. */

const ATTEMPT = {
  wave: waveNumber(),
  task_id: taskId(),
  agent_id: agentId(),
  slot: wholeNumber(0),
  /** From 1. */
  attempt: wholeNumber(1),
};

const runOpened = strict(() => ({
  event: z.literal("run_opened"),
  schema_version: z.literal(1),
  run_id: text(),
  /** Hash of the inputs, of the options that change results and of the seed. */
  identity: text(),
  executor: text(),
  /** Absent: real. */
  execution: z.enum(EXECUTION_KINDS).optional(),
  tasks: z.exactOptional(wholeNumber(0).describe("Tasks of all waves of the run; absent: a journal of an earlier version.")),
  at: timestamp(),
}));

const planChosen = strict(() => ({
  event: z.literal("plan_chosen"),
  wave: waveNumber(),
  result: resultSchema,
  /** Tasks of the wave that the gate held back; absent: none, or a journal of an earlier version. */
  held: z.exactOptional(z.array(z.strictObject({ task_id: taskId(), reason: text(), hold: z.exactOptional(gateHold()) }))),
  absences: z.exactOptional(
    z
      .array(
        z.strictObject({
          agent_id: agentId(),
          available_from_ms: timeMs().describe("When it comes, milliseconds from the start of the wave."),
          unavailable: z
            .array(z.tuple([timeMs(), timeMs()]))
            .describe("From and to of each absence, milliseconds from the start of the wave."),
          available_until_ms: timeMs().nullable().describe("When it leaves for good; null: it stays."),
        }),
      )
      .describe("Agents that are not there all the time, and when they are; absent: none, or not known."),
  ),
  deadlines: z.exactOptional(
    z
      .record(taskId(), timeMs())
      .describe("When tasks are to have ended, milliseconds from the start of the wave, by task id; absent: none, or not known."),
  ),
  at: timestamp(),
}));

const attemptStarted = strict(() => ({
  event: z.literal("attempt_started"),
  ...ATTEMPT,
  start_ms: timeMs(),
  confidence: rate(),
  at: timestamp(),
}));

/** The process group of an attempt that is a command. */
const attemptGroup = strict(() => ({
  event: z.literal("attempt_group"),
  ...ATTEMPT,
  group_id: wholeNumber(1),
  /** Tells the group's first process from a later one of the same number. */
  start_token: text().nullable(),
  /** The running kernel since its start; null where the system does not say. */
  boot_id: text().nullable(),
}));

const attemptEnded = strict(() => ({
  event: z.literal("attempt_ended"),
  ...ATTEMPT,
  start_ms: timeMs(),
  end_ms: timeMs(),
  duration_ms: timeMs(),
  succeeded: z.boolean(),
  confidence_before: rate(),
  confidence_after: rate(),
  confidence_delta: finite().nullable(),
  heuristics_applied: words(),
  error_message: z.string().nullable(),
  fault: z.enum(["threw", "hung", "rubbish", "aborted"]).nullable(),
  error_kind: z.enum(ERROR_KINDS).nullable(),
  cost: z.number().min(0).nullable(),
  output: z.string().nullable(),
  /** False: another attempt is of no use. */
  retryable: z.boolean(),
  at: timestamp(),
}));

const moved = strict(() => ({
  event: z.literal("moved"),
  wave: waveNumber(),
  task_id: taskId(),
  from_agent_id: agentId(),
  agent_id: agentId(),
  slot: wholeNumber(0),
  reason: text(),
  at: timestamp(),
}));

const agentChanged = strict(() => ({
  event: z.enum(["agent_down", "agent_up"]),
  wave: waveNumber(),
  agent_id: agentId(),
  reason: z.string(),
  at: timestamp(),
}));

const waveEnded = strict(() => ({ event: z.literal("wave_ended"), wave: waveNumber(), at: timestamp() }));
const runFinished = strict(() => ({ event: z.literal("run_finished"), at: timestamp() }));

export const journalRowSchema = z.discriminatedUnion("event", [
  attemptEnded,
  attemptStarted,
  attemptGroup,
  runOpened,
  planChosen,
  moved,
  agentChanged,
  waveEnded,
  runFinished,
]);

export type JournalRow = z.infer<typeof journalRowSchema>;
export type JournalOf<Event extends JournalRow["event"]> = Extract<JournalRow, { readonly event: Event }>;
