import { z } from "zod";
import { findIdFault, type Specialization } from "../../domain/index.js";
import { patternSchema } from "../../domain/schemas/index.js";
import type { PhaseLedger } from "./phase-report.js";
import { readDocument } from "./phase-rows.js";

const documentSchema = z.union([z.array(patternSchema), z.looseObject({ patterns: z.array(patternSchema) })], {
  error: () => "is not a list of patterns; give a list, or an object with a list in patterns",
});

/** One agent's part of a pattern, whatever its shape was. */
interface AgentPart {
  readonly agentId: string;
  readonly labels: readonly string[];
  readonly successRate: number | null;
}

const LABEL_KEYS = ["labels", "task_types", "task_type", "specialization", "specializations", "tasks"] as const;

/** The types of the file contract. */
const KNOWN_TYPES = ["load_balanced", "load_imbalance", "agent_specialization", "parallel_efficiency"];

export interface CoordinationPatterns {
  /** Patterns read, of whatever type. */
  readonly numPatterns: number;
  /** In the order of the file. */
  readonly specializations: readonly Specialization[];
}

/**
 * The patterns of Phase 18, and what `agent_specialization` says of each agent. Types that are not known are named; a
 * specialization that cannot be read is noted.
 *
 * @returns nothing where the file is absent
 * @throws InputError where the file does not parse or is no list of patterns
 */
export async function loadPatterns(file: string, ledger: PhaseLedger): Promise<CoordinationPatterns> {
  const document = await readDocument(file, documentSchema, "optional", ledger);
  if (document === null) return { numPatterns: 0, specializations: [] };
  const patterns = Array.isArray(document) ? document : document.patterns;
  for (const pattern of patterns) {
    ledger.countUnknown(file, pattern, patternSchema.shape, "[].");
    if (KNOWN_TYPES.includes(pattern.pattern_type)) continue;
    ledger.note(`${file}: a pattern of type ${JSON.stringify(pattern.pattern_type)} is not known and not used`);
  }
  return { numPatterns: patterns.length, specializations: specializationsOf(patterns, file, ledger) };
}

function specializationsOf(
  patterns: readonly z.infer<typeof patternSchema>[],
  file: string,
  ledger: PhaseLedger,
): Specialization[] {
  return patterns.flatMap((pattern, k) => {
    if (pattern.pattern_type !== "agent_specialization") return [];
    const place = `${file}: [${k}]`;
    const { confidence, execution, run_id: runId } = pattern;
    if (execution === "simulated") {
      ledger.note(`${place} was found in simulated outcomes and is not used`);
      return [];
    }
    if (typeof confidence !== "number") {
      ledger.note(`${place} has no confidence and is not used`);
      return [];
    }
    return readParts(pattern.agent_assignments, place, ledger).map((part) => ({
      ...part,
      successRate: part.successRate ?? rateFor(pattern.success_rate, part.agentId),
      confidence,
      ...(typeof runId === "string" && { runId }),
    }));
  });
}

/** `{agent: [labels]}`, `{agent: label}`, `{agent: {labels …}}` or a list of `{agent_id, labels …}`. */
function readParts(assignments: unknown, place: string, ledger: PhaseLedger): AgentPart[] {
  const pairs: [unknown, unknown][] = Array.isArray(assignments)
    ? assignments.map((entry: unknown) => [isRecord(entry) ? entry.agent_id : undefined, entry])
    : isRecord(assignments)
      ? Object.entries(assignments)
      : [];
  if (pairs.length === 0) ledger.note(`${place}.agent_assignments names no agents and is not used`);
  return pairs.flatMap(([agentId, entry]) => {
    const labels = readLabels(entry);
    if (typeof agentId === "string" && findIdFault(agentId) === null && labels.length > 0) {
      return [{ agentId, labels, successRate: isRecord(entry) ? asRate(entry.success_rate) : null }];
    }
    const name = typeof agentId === "string" ? JSON.stringify(agentId) : "an entry without agent_id";
    ledger.note(`${place}.agent_assignments: ${name} lists no task types or tasks and is not used`);
    return [];
  });
}

function readLabels(entry: unknown): string[] {
  if (typeof entry === "string") return entry === "" ? [] : [entry];
  if (Array.isArray(entry)) return entry.filter((label): label is string => typeof label === "string" && label !== "");
  if (!isRecord(entry)) return [];
  return LABEL_KEYS.flatMap((key) => (isRecord(entry[key]) ? [] : readLabels(entry[key])));
}

function rateFor(rates: unknown, agentId: string): number | null {
  return isRecord(rates) ? asRate(rates[agentId]) : asRate(rates);
}

function asRate(value: unknown): number | null {
  return typeof value === "number" && value >= 0 && value <= 1 ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
