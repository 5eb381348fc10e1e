import { readFile } from "node:fs/promises";
import {
  describeSystemError,
  InputError,
  parseDuration,
  parseLoadLimit,
  parseWeights,
  systemCode,
} from "../../domain/index.js";
import type * as Pipeline from "../../pipeline/index.js";
import type { RunEvent, RunOptions, RunOutcome } from "../../pipeline/index.js";
import { EXIT, type Environment, type Outcome } from "./environment.js";
import { openEvents } from "./event-log.js";
import { createNotes, type Notes } from "./notes.js";
import { readList } from "./option-values.js";
import { presentRun } from "./present.js";
import { describeEvent, noteInputs } from "./run-notes.js";
import { createRunProgress } from "./run-progress.js";
import type { RunFlags } from "./run-options.js";
import { startStopwatch } from "./stopwatch.js";

/** `phase19 run`: the whole pipeline, from the phases' files to the output directory. */
export async function runPipeline(flags: RunFlags, environment: Environment): Promise<Outcome> {
  const notes = createNotes(flags, environment.writeError);
  const pipeline = await import("../../pipeline/index.js");
  if (flags.weights !== undefined && flags.strategy !== "mix" && flags.strategy !== "adaptive") {
    notes.warn(`--weights: used by mix and adaptive only, ${flags.strategy ?? "maximize_success"} takes no notice`);
  }
  if (flags.solver !== "greedy") (await import("../../engine/index.js")).prewarm(flags.threads);
  const base: RunOptions = { ...pipelineOptions(flags), ...(await approvedTasks(flags.approve)) };
  const settings = { notes, places: base, inputs: [flags.approve] };
  return reportRun(flags, environment, settings, (ears) =>
    new pipeline.Phase19Harness({ ...base, ...ears }).runPhase19(),
  );
}

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
 */
export async function reportRun(
  flags: ReportFlags,
  environment: Environment,
  settings: { readonly notes: Notes; readonly places: PlaceOptions; readonly inputs: readonly (string | undefined)[] },
  work: (ears: Ears) => Promise<RunOutcome>,
): Promise<Outcome> {
  const { notes } = settings;
  const stopwatch = startStopwatch(environment.clock);
  await protect(flags, settings);
  const events = await openEvents(flags.events, environment);
  const progress = await createRunProgress(flags, environment);
  const onEvent = (event: RunEvent): void => {
    events.write(event);
    progress.show(event);
    const line = describeEvent(event);
    if (line !== null) notes.detail(line);
  };
  const { now = environment.now() } = flags;
  let outcome: RunOutcome;
  try {
    outcome = await environment.abortable((signal) => {
      const reportInterrupt = (): void => notes.warn("interrupted; the finished waves are kept, again to stop at once");
      signal.addEventListener("abort", reportInterrupt, { once: true });
      return work({ signal, onEvent, ...(flags.now !== undefined && { now: new Date(now) }) });
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
  if (outcome.summary === null) notes.warn("interrupted before the first wave ended; nothing was written");
  else noteInputs(outcome.summary.inputs, notes);
  notes.detail(stopwatch.describe());
  const stdout = await events.lastWord(outcome, () => presentRun(outcome, flags, environment));
  const exitCode = outcome.wasInterrupted ? EXIT.interrupted : EXIT.done;
  const failure = await events.close();
  if (failure === null) return { stdout, exitCode };
  // The run stands, so its summary is printed all the same.
  notes.error(failure.message);
  return { stdout, exitCode: EXIT.input };
}

type ReportFlags = Pick<RunFlags, "events" | "state" | "now" | "quiet" | "format" | "color">;
type PlaceOptions = Parameters<typeof Pipeline.findPlaces>[0];

/** No output may fall on what is read. @throws InputError naming the option */
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
}

/** The options the user gave, by their names in the library. */
function pipelineOptions(flags: RunFlags): RunOptions {
  const { timeLimit, loadLimit, weights } = flags;
  if (loadLimit !== undefined) parseLoadLimit(loadLimit, "--load-limit");
  return withoutUndefined({
    outputsDir: flags.outputs,
    phase16Dir: flags.phase16,
    phase17Dir: flags.phase17,
    phase18Dir: flags.phase18,
    outDir: flags.out,
    tasksFile: flags.tasks,
    agentsFile: flags.agentsFile,
    priorityOrder: flags.priorityOrder,
    agents: flags.agents,
    numWaves: flags.waves,
    strategy: flags.strategy,
    gate: flags.gate,
    requireApproval: flags.requireApproval,
    allowThresholdRelaxation: flags.allowThresholdRelaxation,
    runId: flags.runId,
    fresh: flags.fresh,
    replace: flags.replace,
    stateFile: flags.state,
    reassignment: flags.reassign ? undefined : false,
    solver: flags.solver,
    timeLimitMs: timeLimit === undefined ? undefined : parseDuration(timeLimit, "--time-limit"),
    workLimit: flags.workLimit,
    threads: flags.threads,
    gap: flags.gap,
    seed: flags.seed,
    loadLimit,
    maxRetries: flags.maxRetries,
    riskAversion: flags.riskAversion,
    exploration: flags.exploration,
    exploreHighRisk: flags.exploreHighRisk,
    weights: weights === undefined ? undefined : parseWeights(weights, "--weights"),
  });
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

export function withoutUndefined<T extends object>(record: T): Defined<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>;
}

/** `--approve`: ids between commas, or a file with ids between commas or line breaks. A file that exists is a file. */
async function approvedTasks(value: string | undefined): Promise<{ approved?: readonly string[] }> {
  if (value === undefined) return {};
  const text = await readFile(value, "utf8").catch((error: unknown) => {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENAMETOOLONG") return null;
    throw new InputError("--approve", `${value} cannot be read: ${describeSystemError(error)}`, { cause: error });
  });
  if (text === null) return { approved: readList(value, "--approve") };
  const ids = text
    .split(/[\n,]/)
    .map((id) => id.trim())
    .filter((id) => id !== "");
  return { approved: [...new Set(ids)] };
}
