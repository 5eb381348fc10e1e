import type { Phase19Summary, WaveSummary } from "../../domain/schemas/index.js";
import type { FinishedRun } from "./finish-run.js";
import type { Run } from "./run.js";

/** What a run came to. */
export interface RunOutcome {
  /** Name of the run. */
  readonly runId: string;
  /** Null where the run was interrupted before its first wave ended: then nothing was written. */
  readonly summary: Phase19Summary | null;
  /** Whether the signal ended the run early. */
  readonly wasInterrupted: boolean;
  /** The directory the files are in. */
  readonly outDir: string;
  /** Waves that ended, in order. */
  readonly waves: readonly WaveSummary[];
  /** The report, Markdown; null where nothing was written. */
  readonly report: string | null;
  /** The verdict in sentences, as page and report begin with it; none where nothing was written. */
  readonly headline: readonly string[];
  /** What it says of words in the task file that the gate does not know, so that their tasks are put off; "" where it knows all of them. */
  readonly notGuessed: string;
  /** What a user should hear besides: repairs of an earlier run, feedback rows that could not be written. */
  readonly warnings: readonly string[];
}

/** What a run came to; whoever listens hears that it has ended. */
export function concludeRun(run: Run, finished: FinishedRun | null, wasInterrupted: boolean): RunOutcome {
  const { runId, directory, warnings } = run.start;
  const summary = finished?.summary ?? null;
  run.tellEnd(summary);
  return {
    runId,
    wasInterrupted,
    outDir: directory.path,
    summary,
    waves: run.totals.waves,
    report: finished?.report ?? null,
    headline: finished?.headline ?? [],
    notGuessed: finished?.notGuessed ?? "",
    warnings: [...directory.repairs, ...warnings, ...(finished?.warnings ?? [])],
  };
}
