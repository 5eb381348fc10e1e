import { z } from "zod";
import { strict, text } from "./fields.js";
import { learnedFileSchema } from "./learned-state.js";
import { taskId, waveNumber } from "./output-fields.js";

/**
 * Row of `evaluated_waves.jsonl`: a wave as `evaluate` took it in, so that a later call can write the whole tree again.
 * `content` is JSON for this program alone; its hash shows that nobody changed it.
 */
export const evaluatedWaveSchema = strict(() => ({
  format: z.literal("phase19-evaluated-wave"),
  schema_version: z.literal(1),
  wave: waveNumber(),
  /** Tasks whose outcomes the state before the first wave had not learned. */
  fresh_task_ids: z.array(taskId()),
  /** The outcome files as they were. */
  files: z.array(learnedFileSchema),
  /** Task records, plan, forecast and what was read. */
  content: text(),
  content_sha256: text(),
}));

export type EvaluatedWaveRow = z.infer<typeof evaluatedWaveSchema>;
