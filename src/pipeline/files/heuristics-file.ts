import { z } from "zod";
import type { Heuristics, RiskLevel } from "../../domain/index.js";
import {
  boostRuleSchema,
  check,
  type HeuristicRow,
  heuristicSchema,
  prioritizationRuleSchema,
  relaxationRuleSchema,
  retryRuleSchema,
} from "../../domain/schemas/index.js";
import type { PhaseLedger } from "./phase-report.js";
import { readRows } from "./phase-rows.js";

type Draft = { -readonly [K in keyof Heuristics]: Heuristics[K] };
type Reader = (draft: Draft, rule: unknown, place: string) => void;

/** What each known heuristic contributes; the rules are in the file, their meaning is here. */
const READERS: Readonly<Record<string, Reader>> = {
  H16_001: (draft, rule, place) => {
    draft.priorityOrder = checkRule(prioritizationRuleSchema, rule, place).priority_order.map((bucket) => ({
      riskLevel: bucket.risk_level,
      confidenceMin: bucket.confidence_min,
    }));
  },
  H16_002: (draft, rule, place) => {
    const { condition, amount } = checkRule(boostRuleSchema, rule, place);
    const [from, to] = condition.confidence_range;
    draft.boost = { riskLevels: asList(condition.risk_level), from, to, amount };
  },
  H16_003: (draft, rule, place) => {
    const {
      condition,
      max_retries: maxAttempts,
      confidence_penalty: confidencePenalty,
    } = checkRule(retryRuleSchema, rule, place);
    draft.retry = { riskLevels: asList(condition.risk_level), maxAttempts, confidencePenalty };
  },
  H16_004: (draft, rule, place) => {
    const { condition, parameters } = checkRule(relaxationRuleSchema, rule, place);
    draft.relaxation = {
      successRateMin: condition.success_rate_previous_wave,
      highRiskThreshold: parameters.high_risk_threshold,
    };
  },
};

/**
 * The rules of `heuristics.jsonl`. A malformed line is skipped and named, an unknown heuristic kept by its id; where an id
 * comes twice the later row holds. Every heuristic read has weight 1.
 */
export async function loadHeuristics(file: string, ledger: PhaseLedger): Promise<Heuristics> {
  const draft: Draft = { priorityOrder: [], boost: null, retry: null, relaxation: null, unknownIds: [], weights: {} };
  const ids = new Set<string>();
  await readRows(file, heuristicSchema, "skip", ledger, (row, place) => {
    const id = row.heuristic_id;
    const reader = Object.hasOwn(READERS, id) ? READERS[id] : undefined;
    reader?.(draft, row.rule, place);
    if (ids.has(id)) ledger.note(`${file}: ${id} comes more than once; the last row holds`);
    if (reader === undefined) noteUnknown(row, file, ledger);
    ids.add(id);
  });
  draft.unknownIds = [...ids].filter((id) => !Object.hasOwn(READERS, id));
  draft.weights = Object.fromEntries([...ids].map((id) => [id, 1]));
  return draft;
}

function noteUnknown(row: HeuristicRow, file: string, ledger: PhaseLedger): void {
  ledger.note(`${file}: ${row.heuristic_id} (${row.category ?? "no category"}) is not known and not applied`);
}

function checkRule<T>(schema: z.ZodType<T>, rule: unknown, place: string): T {
  return check(z.object({ rule: schema }), { rule }, place).rule;
}

function asList(levels: RiskLevel | RiskLevel[]): RiskLevel[] {
  return Array.isArray(levels) ? levels : [levels];
}
