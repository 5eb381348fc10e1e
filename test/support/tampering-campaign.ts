import { InputError } from "../../src/domain/errors.js";
import type { Random } from "../../src/domain/random.js";
import { drawingRandom } from "./drawing-random.js";
import type { ResultDocument } from "../../src/domain/result.js";
import { verify } from "../../src/planner/solve/solve.js";
import { CLEVER_TAMPERINGS } from "./tamper-clever.js";
import { CERTIFICATE_TAMPERINGS, OBJECTIVE_TAMPERINGS } from "./tamper-objective.js";
import type { TamperSample } from "./tamper-samples.js";
import { SCHEDULE_TAMPERINGS } from "./tamper-schedule.js";
import { NUMBER_TAMPERINGS, WORD_TAMPERINGS } from "./tamper-words.js";
import { type Draft, pick, type Tampering } from "./tampering.js";

/** What is tampered with, and the ways to do it. */
const PARTS: Readonly<Record<TamperedPart, Readonly<Record<string, Tampering>>>> = {
  multiplier: only(CERTIFICATE_TAMPERINGS, ["a multiplier", "all multipliers left out", "certificate.at_ms"]),
  assignment: SCHEDULE_TAMPERINGS,
  value: { ...only(OBJECTIVE_TAMPERINGS, ["objective.value", "objective.secondary.value"]), ...NUMBER_TAMPERINGS },
  bound: {
    ...only(OBJECTIVE_TAMPERINGS, ["objective.bound alone", "objective.bound and gap, consistently"]),
    ...only(CERTIFICATE_TAMPERINGS, ["certificate.bound", "certificate.bound, far too good"]),
  },
};

const TAMPERED_PARTS = ["multiplier", "assignment", "value", "bound"] as const;
type TamperedPart = (typeof TAMPERED_PARTS)[number];

/** Every way to tamper, by name. */
export const ALL_TAMPERINGS: Readonly<Record<string, Tampering>> = {
  ...OBJECTIVE_TAMPERINGS,
  ...CERTIFICATE_TAMPERINGS,
  ...SCHEDULE_TAMPERINGS,
  ...WORD_TAMPERINGS,
  ...NUMBER_TAMPERINGS,
  ...CLEVER_TAMPERINGS,
};

export interface TamperCounts {
  /** Tamperings that made a stated number false. */
  false: number;
  /** Of these, rejected by `verify`. */
  rejected: number;
  /** Tamperings that left every stated number true; `verify` must accept them. */
  harmless: number;
  accepted: number;
  /** Within rounding, so that either verdict will do. */
  undecided: number;
}

export interface CampaignReport {
  readonly byPart: Readonly<Record<TamperedPart, TamperCounts>>;
  readonly byKind: Readonly<Record<string, TamperCounts>>;
  /** False ones that passed, and harmless ones that did not. */
  readonly faults: readonly string[];
}

/** So many random tamperings on random samples, each judged by `verify` and by a criterion that shares nothing with it. */
export function runCampaign(samples: readonly TamperSample[], count: number, seed: number): CampaignReport {
  const random = drawingRandom(seed);
  const byPart = Object.fromEntries(TAMPERED_PARTS.map((part) => [part, noCounts()])) as CampaignReport["byPart"];
  const byKind: Record<string, TamperCounts> = {};
  const faults: string[] = [];
  for (let done = 0; done < count;) {
    const sample = pick(samples, random)!;
    const part = pick(TAMPERED_PARTS, random)!;
    const attempt = tamper(sample, pick(Object.entries(PARTS[part]), random)!, random);
    if (attempt === null) continue;
    done += 1;
    judge(sample, attempt, [byPart[part], (byKind[sample.kind] ??= noCounts())], faults);
  }
  return { byPart, byKind, faults };
}

/** Every way to tamper, so many times on every sample where it applies. */
export function runEvery(
  samples: readonly TamperSample[],
  rounds: number,
  seed: number,
): Pick<CampaignReport, "faults"> & { readonly byName: Readonly<Record<string, TamperCounts>> } {
  const random = drawingRandom(seed);
  const byName = Object.fromEntries(Object.keys(ALL_TAMPERINGS).map((name) => [name, noCounts()]));
  const faults: string[] = [];
  for (const entry of Object.entries(ALL_TAMPERINGS)) {
    for (const sample of samples) {
      for (let round = 0; round < rounds; round++) {
        const attempt = tamper(sample, entry, random);
        if (attempt !== null) judge(sample, attempt, [byName[entry[0]]!], faults);
      }
    }
  }
  return { byName, faults };
}

interface Attempt {
  readonly draft: Draft;
  readonly name: string;
  readonly verdict: "false" | "true" | "undecided";
}

function judge(
  sample: TamperSample,
  { draft, name, verdict }: Attempt,
  countedIn: readonly TamperCounts[],
  faults: string[],
): void {
  const isRejected = isRefused(draft, sample);
  for (const counts of countedIn) count1(counts, verdict, isRejected);
  if ((verdict === "false" && !isRejected) || (verdict === "true" && isRejected)) {
    faults.push(
      `${sample.key}: ${name} is ${verdict}, ${isRejected ? "rejected" : "accepted"}: ${JSON.stringify(draft.certificate)}`,
    );
  }
}

function tamper(
  { text, instance }: TamperSample,
  [name, change]: readonly [string, Tampering],
  random: Random,
): Attempt | null {
  const draft = JSON.parse(text) as Draft;
  const verdict = change(draft, { instance, before: JSON.parse(text) as ResultDocument, random });
  return verdict === null || JSON.stringify(draft) === text ? null : { draft, name, verdict };
}

function isRefused(draft: Draft, { document, options }: TamperSample): boolean {
  try {
    return verify(draft, document, options).verdict === "invalid";
  } catch (error) {
    // The shape itself is refused at the border.
    if (error instanceof InputError) return true;
    throw error;
  }
}

function count1(counts: TamperCounts, verdict: "false" | "true" | "undecided", isRejected: boolean): void {
  if (verdict === "undecided") counts.undecided += 1;
  if (verdict === "false") [counts.false, counts.rejected] = [counts.false + 1, counts.rejected + Number(isRejected)];
  if (verdict === "true")
    [counts.harmless, counts.accepted] = [counts.harmless + 1, counts.accepted + Number(!isRejected)];
}

function noCounts(): TamperCounts {
  return { false: 0, rejected: 0, harmless: 0, accepted: 0, undecided: 0 };
}

function only(tamperings: Readonly<Record<string, Tampering>>, names: readonly string[]): Record<string, Tampering> {
  return Object.fromEntries(names.map((name) => [name, tamperings[name]!]));
}
