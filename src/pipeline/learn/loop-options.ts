import { z } from "zod";
import {
  checkOptionNames,
  type ExecutionKind,
  type Heuristics,
  InputError,
  isKnown,
  markKnown,
  NO_HEURISTICS,
  reading,
  RISK_LEVELS,
} from "../../domain/index.js";
import { check, EMPTY_STATE, type LearnedStateDocument, learnedStateSchema } from "../../domain/schemas/index.js";

/** Options of a feedback loop. */
export interface FeedbackLoopOptions {
  /** Default `simulated`. */
  readonly execution?: ExecutionKind | undefined;
  /** Default: none, as `createHeuristics` makes them. */
  readonly heuristics?: Heuristics | undefined;
  /** The state before the first wave, with the history learned; default one that has learned nothing, as `createLearnedState` makes it. */
  readonly state?: LearnedStateDocument | undefined;
  /** The state before the history was learned; default `state`. What lies between the two counts as moved by this run. */
  readonly stateBefore?: LearnedStateDocument | undefined;
  /** ISO-8601 UTC; default the system's clock. */
  readonly now?: (() => string) | undefined;
}

/** Options of a feedback loop, filled in. */
export interface LoopOptions {
  readonly execution: ExecutionKind;
  readonly heuristics: Heuristics;
  readonly state: LearnedStateDocument;
  readonly stateBefore?: LearnedStateDocument | undefined;
  readonly now: () => string;
}

const NAMES = ["execution", "heuristics", "state", "stateBefore", "now"];

/** @throws InputError naming the option */
export function readLoopOptions(options: FeedbackLoopOptions): LoopOptions {
  checkOptionNames("options", options, NAMES);
  return reading("options", "give a plain object", () => {
    const { execution = "simulated", now = () => new Date().toISOString(), stateBefore } = options;
    check(z.enum(["simulated", "real"]), execution, "options.execution");
    if (typeof now !== "function")
      throw new InputError("options.now", "is not a function that returns an ISO-8601 text");
    return {
      ...{ execution, now },
      heuristics: createHeuristics(options.heuristics),
      state: createLearnedState(options.state, "options.state"),
      ...(stateBefore !== undefined && { stateBefore: createLearnedState(stateBefore, "options.stateBefore") }),
    };
  });
}

const risks = () => z.array(z.enum(RISK_LEVELS));
const heuristicsSchema = z.strictObject({
  priorityOrder: z.array(z.looseObject({ riskLevel: z.enum(RISK_LEVELS), confidenceMin: z.number() })),
  boost: z.looseObject({ riskLevels: risks(), from: z.number(), to: z.number(), amount: z.number() }).nullable(),
  retry: z.looseObject({ riskLevels: risks(), maxAttempts: z.int().min(1), confidencePenalty: z.number() }).nullable(),
  relaxation: z.looseObject({ successRateMin: z.number(), highRiskThreshold: z.number() }).nullable(),
  unknownIds: z.array(z.string()),
  weights: z.record(z.string(), z.number()),
});

/**
 * The rules of Phase 16: those given, and none where nothing is given.
 *
 * @throws InputError where a rule breaks its shape
 */
export function createHeuristics(rules: Partial<Heuristics> = {}): Heuristics {
  if (isKnown(rules)) return rules as Heuristics;
  return reading("heuristics", "pass what createHeuristics or AdaptiveOptimizer.heuristics gives", () => {
    if (typeof rules !== "object" || rules === null) {
      throw new InputError("heuristics", "is not an object; leave it out or pass what createHeuristics returned");
    }
    const heuristics: Heuristics = { ...NO_HEURISTICS, ...rules };
    check<unknown>(heuristicsSchema, heuristics, "heuristics");
    return markKnown(heuristics);
  });
}

/**
 * A learned state: the document given, or one that has learned nothing.
 *
 * @throws InputError where the document breaks its schema
 */
export function createLearnedState(document: unknown = EMPTY_STATE, place = "state"): LearnedStateDocument {
  if (isKnown(document)) return document as LearnedStateDocument;
  return reading(place, "pass what learned_state.json holds", () => {
    check<unknown>(learnedStateSchema, document, place);
    return markKnown(document as LearnedStateDocument);
  });
}
