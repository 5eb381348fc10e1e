import { ModelError } from "../domain/errors.js";
import type { Heuristics, History } from "../domain/history.js";
import type { FullProblem, GoalWeights, LoadLimit, Problem, SolveOptions } from "../domain/problem.js";
import type { SolveResult } from "../domain/result.js";

export interface PhaseSources {
  readonly tasksFile?: string;
  readonly phase16Dir?: string;
  readonly phase17Dir?: string;
  readonly phase18Dir: string;
  readonly agentsFile?: string;
  readonly priorityOrder: "ascending" | "descending";
}

export interface Phases {
  readonly history: History;
  readonly heuristics: Heuristics;
  readonly report: PhaseReport;
}

/** What the loaders missed, left out and did not understand. */
export interface PhaseReport {
  /** Optional files that are not there. */
  readonly absent: readonly string[];
  /** Malformed history lines. */
  readonly skipped: readonly { readonly place: string; readonly reason: string }[];
  /** file → unknown field → in how many objects. */
  readonly unknownFields: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What was read and not used, a sentence each. */
  readonly notes: readonly string[];
}

/** Stands here until the room is built. */
const notLinked = (): never => {
  throw new ModelError("not linked yet");
};

export const readProblem: (pathOrDash: string) => Promise<Problem> = notLinked;
export const loadPhases: (options: PhaseSources) => Promise<Phases> = notLinked;
export const buildWaveProblem: (
  phases: Phases,
  options: { readonly wave?: number; readonly agents?: readonly string[] },
) => Problem = notLinked;
export const problemToDocument: (full: FullProblem, options: SolveOptions) => unknown = notLinked;
export const parseResult: (json: unknown, place: string) => SolveResult = notLinked;
export const parseDurationMs: (text: string, place: string) => number = notLinked;
export const parseLoadLimit: (text: string, place: string) => LoadLimit = notLinked;
export const parseWeights: (text: string, place: string) => GoalWeights = notLinked;
