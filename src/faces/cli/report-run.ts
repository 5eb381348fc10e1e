import type * as Pipeline from "../../pipeline/index.js";
import type { RunEvent, RunOutcome } from "../../pipeline/index.js";
import type { COMMAND_OPTIONS, RUN_OPTIONS } from "../../domain/index.js";
import { EXIT, type Environment, type Outcome } from "./environment.js";
import { openEvents, requireOwnLog } from "./event-log.js";
import type { FlagsOf } from "./flags.js";
import type { Notes, OutputFlags } from "./notes.js";
import { presentRun, wantsTable } from "./present.js";
import { describeEvent, noteInputs } from "./run-notes.js";
import { createRunProgress } from "./run-progress.js";
import { startStopwatch } from "./stopwatch.js";

/** What the command line lends to a run. */
export interface Ears {
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  readonly now?: Date;
}

/**
 * Runs work of the pipeline with events, progress and interrupts, and prints its summary.
 *
 * @param settings.inputs what the command reads besides the files of the places and the state
 * @param settings.goesOn whether the same call goes on where it was interrupted; default: it begins anew
 */
export async function reportRun(
  flags: ReportFlags,
  environment: Environment,
  settings: {
    readonly notes: Notes;
    readonly places: PlaceOptions;
    readonly inputs: readonly (string | undefined)[];
    readonly goesOn?: boolean;
  },
  work: (ears: Ears) => Promise<RunOutcome>,
): Promise<Outcome> {
  const { notes } = settings;
  const stopwatch = startStopwatch(environment.clock);
  await protect(flags, settings);
  const events = await openEvents(flags.events, environment);
  const progress = createRunProgress(flags, environment);
  const onEvent = (event: RunEvent): void => {
    events.write(event);
    progress.show(event);
    const line = describeEvent(event);
    if (line !== null) notes.detail(line);
  };
  const { now = environment.now() } = flags;
  let outcome: RunOutcome;
  try {
    outcome = await environment.abortable((signal, begin) => {
      const reportInterrupt = (): void =>
        notes.warn("interrupted, ending now; waves that have ended are kept; again to stop at once");
      signal.addEventListener("abort", reportInterrupt, { once: true });
      // Until a wave has started the work only reads, and nothing is lost where it ends at once.
      const hear = (event: RunEvent): void => {
        begin();
        onEvent(event);
      };
      return work({ signal, onEvent: hear, ...(flags.now !== undefined && { now: new Date(now) }) });
    });
  } catch (error) {
    const failure = await events.close();
    if (failure !== null) notes.error(failure.message);
    throw error;
  } finally {
    progress.stop();
  }
  stopwatch.lap("run");
  for (const warning of outcome.warnings) notes.warn(warning);
  const isTold = !events.isOutput && wantsTable(flags, environment);
  if (outcome.notGuessed !== "" && !isTold) notes.warn(outcome.notGuessed);
  if (outcome.summary === null) notes.warn("no wave had ended, so nothing was written");
  else noteInputs(outcome.summary.inputs, notes);
  if (outcome.wasInterrupted && settings.goesOn === true) {
    notes.warn("attempts that ended are in the journal: the same call goes on from there");
  }
  notes.detail(stopwatch.describe());
  const stdout = events.isOutput ? "" : await presentRun(outcome, flags, environment);
  const exitCode = outcome.wasInterrupted ? EXIT.interrupted : EXIT.done;
  const failure = await events.close();
  if (failure === null) return { stdout, exitCode };
  // The run stands, so its summary is printed all the same.
  notes.error(failure.message);
  return { stdout, exitCode: EXIT.input };
}

type ReportFlags = OutputFlags & { readonly budget?: number | null } & FlagsOf<
    (typeof COMMAND_OPTIONS)["events" | "now"] | (typeof RUN_OPTIONS)["stateFile"]
  >;
type PlaceOptions = Parameters<typeof Pipeline.findPlaces>[0];

/** No output may fall on what is read, or on a file of another kind. @throws InputError naming the option */
async function protect(
  { events, state }: ReportFlags,
  { places: options, inputs }: { readonly places: PlaceOptions; readonly inputs: readonly (string | undefined)[] },
): Promise<void> {
  const { findPlaces, protectFromFile, protectInputs } = await import("../../pipeline/index.js");
  const read = inputs.filter((input) => input !== undefined && input !== "-") as string[];
  const places = await findPlaces(options);
  await protectInputs(places, read);
  if (events === undefined || events === "-") return;
  await protectFromFile({ option: "--events", path: events }, places, state === undefined ? read : [...read, state]);
  await requireOwnLog(events);
}
