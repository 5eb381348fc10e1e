import type { CalibrationReport } from "../../domain/schemas/index.js";
import type { TrialOutcome, TrialOutcomes } from "../files/trial-outcomes.js";
import type { RiskLevel } from "../../domain/index.js";

/** A row that a prediction can be made for. */
export interface JudgeableOutcome extends TrialOutcome {
  readonly agentId: string;
  readonly riskLevel: RiskLevel;
  readonly confidence: number;
}

export interface ChosenTrials {
  readonly rows: readonly JudgeableOutcome[];
  readonly skipped: CalibrationReport["skipped"];
}

const MAX_EXAMPLES = 3;

/**
 * The rows to judge predictions by. Real ones where there are any, simulated ones otherwise; ones the state has not
 * learned where there are any, learned ones otherwise. Every other row is counted with its reason. O(rows).
 */
export function chooseTrials({ rows, unended }: Pick<TrialOutcomes, "rows" | "unended">): ChosenTrials {
  const skipped = new Map<string, { rows: number; examples: string[] }>();
  const skip = (reason: string, place: string): void => {
    const group = skipped.get(reason) ?? { rows: 0, examples: [] };
    group.rows++;
    if (group.examples.length < MAX_EXAMPLES) group.examples.push(place);
    skipped.set(reason, group);
  };
  const prefer = (
    candidates: readonly JudgeableOutcome[],
    isPreferred: (row: JudgeableOutcome) => boolean,
    reason: string,
  ): readonly JudgeableOutcome[] => {
    const preferred = candidates.filter(isPreferred);
    if (preferred.length === 0) return candidates;
    for (const row of candidates) if (!isPreferred(row)) skip(reason, row.place);
    return preferred;
  };
  for (const { reason, place } of unended) skip(reason, place);
  const judgeable: JudgeableOutcome[] = [];
  for (const row of rows) {
    const missing = findGap(row);
    if (missing !== null) skip(missing, row.place);
    else judgeable.push(row as JudgeableOutcome);
  }
  const ofOneKind = prefer(judgeable, (row) => row.execution === "real", "it is simulated, and real ones are at hand");
  const unseen = prefer(ofOneKind, (row) => !row.isKnown, "the state has learned it, and new ones are at hand");
  return {
    rows: unseen,
    skipped: [...skipped].map(([reason, group]) => ({ reason, ...group })),
  };
}

function findGap({ agentId, riskLevel, confidence }: TrialOutcome): string | null {
  if (agentId === null) return "its agent is not known";
  if (riskLevel === null) return "its risk is not known";
  return confidence === null ? "its confidence is not known" : null;
}
