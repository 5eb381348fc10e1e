import { ModelError } from "../domain/errors.js";
import type { Heuristics, History } from "../domain/history.js";
import type { FullProblem, GoalWeights, LoadLimit, Problem, SolveOptions } from "../domain/problem.js";
import type { SolveResult } from "../domain/result.js";

export interface LoadPhasesOptions {
  readonly tasksFile?: string;
  readonly phase16Dir?: string;
  readonly phase17Dir?: string;
  readonly phase18Dir: string;
  readonly agentsFile?: string;
  readonly priorityOrder: "ascending" | "descending";
}

export interface PhaseData {
  readonly history: History;
  readonly heuristics: Heuristics;
  readonly report: LoadReport;
}

/** What the loader did not find or did not use; every entry is one line for a person. */
export interface LoadReport {
  /** Optional files that are not there. */
  readonly absentFiles: readonly string[];
  /** Malformed history lines, as `file:line: rule`. */
  readonly skippedLines: readonly string[];
}

/** Stands here until the room is built. */
const notLinked = (): never => {
  throw new ModelError("not linked yet");
};

export const readProblem: (pathOrDash: string) => Promise<Problem> = notLinked;
export const loadPhases: (options: LoadPhasesOptions) => Promise<PhaseData> = notLinked;
export const buildWaveProblem: (
  phases: PhaseData,
  options: { readonly wave?: number; readonly agents?: readonly string[] },
) => Problem = notLinked;
export const problemToDocument: (full: FullProblem, options: SolveOptions) => unknown = notLinked;
export const parseResult: (json: unknown, place: string) => SolveResult = notLinked;
export const parseDurationMs: (text: string, place: string) => number = notLinked;
export const parseLoadLimit: (text: string, place: string) => LoadLimit = notLinked;
export const parseWeights: (text: string, place: string) => GoalWeights = notLinked;
