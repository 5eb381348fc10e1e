import { z } from "zod";
import { STRATEGIES } from "../problem.js";
import { DEFERRAL_STAGES, EXECUTION_KINDS } from "../run.js";
import { fraction, gateHold, id, text, wholeNumber } from "./fields.js";

/** Building blocks of the files ours writes. Objects are strict: what a schema does not name, no file holds. */

export const execution = () => z.enum(EXECUTION_KINDS);
/** ISO-8601 UTC. */
export const timestamp = () => z.iso.datetime({ offset: false });
export const agentId = () => id();
export const taskId = () => id();
export const waveNumber = () => wholeNumber(0);
export const strategy = () => z.enum(STRATEGIES);
/** Milliseconds from the start of the wave. */
export const timeMs = () => z.number().min(0);
export const rate = () => fraction();
export const finite = () => z.number();
export const count = () => wholeNumber(0);
export const interval = () => z.tuple([z.number(), z.number()]);
export const words = () => z.array(text());
/** A task that is put off: by whom, why, and whether for good. */
export const DEFERRAL_FIELDS = () => ({
  task_id: taskId(),
  stage: z.enum(DEFERRAL_STAGES),
  hold: z.exactOptional(gateHold()),
  reason: text(),
  final: z.boolean(),
});
/** By agent id. */
export const byAgent = <T extends z.ZodType>(value: T) => z.record(id(), value);
