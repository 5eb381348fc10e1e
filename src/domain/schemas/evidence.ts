import { z } from "zod";
import { text, strict } from "./fields.js";
import { agentId, count } from "./output-fields.js";

const index = () => z.int().min(0).nullable();
const beforeMark = () => z.union([z.literal(0), z.literal(1)]);
const sums = z.lazy(() => z.tuple([index(), index(), beforeMark(), count(), z.int(), count()]));

/**
 * Evidence as rows of whole numbers, compact and exact. Agents and types are indices into the two lists, risks into LOW,
 * MEDIUM, HIGH; null where the outcome did not say. `before` is 1 of what was seen before the agent changed. Rows ascend.
 */
export const evidenceSchema = strict(() => ({
  /** Ascending. */
  agents: z.array(agentId()),
  /** Ascending. */
  task_types: z.array(text()),
  /** [agent, type, risk, before, then by band of confidence: attempts, successes, sum of confidences in steps of .005]. */
  trials: z.array(z.tuple([index(), index(), index(), beforeMark()]).rest(count())),
  /** [agent, type, before, number, sum, sum of squares] of ln(ms of one attempt) in thousandths. */
  log_times: z.array(sums),
  /** The same of changes of confidence in ten-thousandths. */
  gains: z.array(sums),
}));

export type EvidenceDocument = z.infer<typeof evidenceSchema>;
export type TrialRow = EvidenceDocument["trials"][number];
export type SumsRow = EvidenceDocument["log_times"][number];

export const NO_EVIDENCE: EvidenceDocument = { agents: [], task_types: [], trials: [], log_times: [], gains: [] };
