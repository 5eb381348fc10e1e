import {
  callToDocument,
  EMPTY_HISTORY,
  NO_HEURISTICS,
  optionsFromDocument,
  type ResultDocument,
  STRATEGIES,
} from "../../domain/index.js";
import type { CompareReport } from "../../domain/schemas/index.js";
import type { Environment } from "./environment.js";
import type { Notes } from "./notes.js";
import { ANSWERS_CUT, runAbortably } from "./run-abortably.js";
import { formatGap, formatNumber } from "./text.js";

/** Every strategy and heuristic on a wave of one's own, each plan by every goal; a line of progress for each strategy. */
export async function benchProblem(
  file: string,
  { timeLimitMs, seed }: { readonly timeLimitMs: number; readonly seed: number | undefined },
  environment: Environment,
  notes: Notes,
): Promise<{ readonly report: CompareReport; readonly wasInterrupted: boolean }> {
  const planner = await import("../../planner/index.js");
  const problem = await planner.readProblem(file, {});
  const call = callToDocument({ timeLimitMs, ...(seed !== undefined && { seed }) });
  const given = optionsFromDocument(call, (name) => `--${name}`);
  const options = planner.resolveOptions(problem.options, given);
  const { full } = await planner.predictInSlices(problem, EMPTY_HISTORY, NO_HEURISTICS, options);
  const left = createEta(environment.clock);
  const onResult = (result: ResultDocument, index: number, count: number): void =>
    notes.warn(`${index + 1} of ${count}: ${describeResult(result)}${left(index + 1, count)}`);
  const { now, clock } = environment;
  const ask = { strategies: STRATEGIES, baselines: true, pareto: null, onResult };
  const { answer: report, wasInterrupted } = await runAbortably(environment, notes, ANSWERS_CUT, (signal) =>
    planner.compareProblem(full, options, ask, { now, clock, signal, heuristics: NO_HEURISTICS, fixedNow: false }),
  );
  return { report, wasInterrupted };
}

function describeResult({ strategy, termination, objective }: ResultDocument): string {
  const { name, value, bound, gap } = objective;
  const facts = `${name} ${formatNumber(value)}, bound ${formatNumber(bound)}, gap ${formatGap(gap)}`;
  return `${strategy}: ${termination}, ${facts}`;
}

/** How long the rest takes if it takes as long as what is done: `, about 12 s left`; nothing where nothing is left. */
export function createEta(clock: () => number): (numDone: number, count: number) => string {
  const startMs = clock();
  return (numDone, count) => {
    const restMs = ((clock() - startMs) / Math.max(1, numDone)) * (count - numDone);
    if (count <= numDone) return "";
    const seconds = Math.ceil(restMs / 1000);
    return `, about ${seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`} left`;
  };
}
