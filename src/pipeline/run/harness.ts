import {
  checkOptionNames,
  type Ears,
  InputError,
  listenTo,
  markKnown,
  ModelError,
  requireKnown,
  type WaveRecord,
} from "../../domain/index.js";
import { showValue } from "../../domain/schemas/index.js";
import type { ComparisonRow } from "../../domain/schemas/index.js";
import { messageOf } from "../execute/attempt-outcome.js";
import type { Phases } from "../files/phases.js";
import type { WaveObservation } from "../watch/optimization-monitor.js";
import { concludeRun, type RunOutcome } from "./outcome.js";
import { countInputs, type InputCounts } from "./adaptive-optimizer.js";
import { endWave } from "./end-wave.js";
import { finishRun, type FinishedRun } from "./finish-run.js";
import { readRunOptions, runContextOf, type RunOptions } from "./options.js";
import { findPlaces, type Places } from "./places.js";
import { type RunEvent, waveNews } from "./events.js";
import { protectInputs } from "./protect-inputs.js";
import { salvage } from "./interrupted-wave.js";
import type { WavePlan } from "./plan-wave.js";
import { type ChosenStrategy, type GatedWave, Run } from "./run.js";
import type { RunContext } from "./run-context.js";
import type { WaveRun } from "./run-wave.js";
import { openSpans, type RunSpans } from "./spans.js";
import { loadInputs, startRun } from "./start-run.js";

/** What a run asks of the machine besides the clock; tests hand in their own. */
export type HarnessTools = Pick<RunContext, "files">;

/**
 * The pipeline of the specification: a thin face over loading, gate, planning, execution, feedback, monitor and reports.
 * `runPhase19` does it all; the other methods are its steps, in the order in which they are written here.
 */
export class Phase19Harness {
  readonly #options: RunOptions;
  readonly #context: RunContext;
  readonly #ears: Ears<RunEvent>;
  #places: Places | null = null;
  #phases: Phases | null = null;
  #run: Run | null = null;
  #spans: RunSpans | null = null;

  /** @throws InputError where an option breaks a rule, as `live` without an executor that really runs tasks */
  constructor(options: RunOptions = {}, tools: HarnessTools = {}) {
    const read = readRunOptions(options);
    this.#ears = listenTo("onEvent", read.onEvent ?? (() => undefined));
    this.#options = { ...read, onEvent: this.#ears.hear };
    this.#context = { ...runContextOf(this.#options), ...tools };
  }

  /** The whole pipeline. @throws InputError where an input, the output directory or an option is at fault */
  runPhase19(): Promise<RunOutcome> {
    return this.#ears.during(() => this.#runAll());
  }

  async #runAll(): Promise<RunOutcome> {
    await this.loadPhase18Data();
    await this.initializeOptimizer();
    const run = this.#started();
    let wasInterrupted = false;
    run.tellStart();
    try {
      for (const wave of run.start.waves) {
        wasInterrupted = !(await this.#runWave(wave).catch((error: unknown) => this.#keepWavesBefore(wave, error)));
        if (wasInterrupted) break;
      }
      return concludeRun(run, await this.generateReports({ wasInterrupted }), wasInterrupted);
    } finally {
      await this.close();
    }
  }

  /** Reads and checks every input; writes nothing. @throws InputError */
  async loadPhase18Data(): Promise<InputCounts> {
    this.#places = await findPlaces(this.#options);
    await protectInputs(this.#places);
    const phases = await loadInputs(this.#places, this.#options);
    this.#phases = phases;
    return countInputs(phases);
  }

  /**
   * Locks the output directory, loads what was learned before and learns the history that is new.
   *
   * @returns the waves to run
   * @throws InputError before `loadPhase18Data`, or where the directory or a learned state is at fault
   */
  async initializeOptimizer(): Promise<readonly number[]> {
    const [places, phases] = [this.#places, this.#phases];
    if (places === null || phases === null) {
      throw new InputError("Phase19Harness", "has no data yet; call loadPhase18Data first");
    }
    const { execution, files } = this.#context;
    const now = (): string => new Date(this.#context.now()).toISOString();
    const start = await startRun(phases, places, this.#options, { execution, now, ...(files && { files }) });
    this.#spans = await openSpans();
    this.#run = new Run(start, { ...this.#options, onEvent: (event) => this.#tell(event) }, this.#context);
    return start.waves;
  }

  /** The gate's word on each task of a wave, those put off to it included. */
  applySafetyGates(wave: number): GatedWave {
    return markKnown(this.#startedAt(wave).applyGate(wave));
  }

  /** The best plan for the tasks the gate let through, by the strategy of the wave. */
  async optimizeWave(gated: GatedWave, chosen: ChosenStrategy): Promise<WavePlan> {
    const run = this.#started();
    requireKnown("gated", gated, "pass what applySafetyGates returned");
    requireKnown("chosen", chosen, "pass what chooseStrategy returned");
    return markKnown(await run.plan(gated, chosen.strategy));
  }

  /** Which strategy the wave is planned by, and why. */
  chooseStrategy(wave: number): ChosenStrategy {
    return markKnown(this.#startedAt(wave).chooseStrategy(wave));
  }

  /** The tasks of a plan as they will be run: agent, slot, times and predictions of each. */
  applyScheduler(plan: WavePlan): WavePlan["planned"] {
    requireKnown("plan", plan, "pass what optimizeWave returned");
    return plan.planned;
  }

  /** Runs a plan; a failed attempt is tried again as the retry rules allow. */
  async executeWave(plan: WavePlan): Promise<WaveRun> {
    const run = this.#started();
    requireKnown("plan", plan, "pass what optimizeWave returned");
    return markKnown(await run.execute(plan));
  }

  /** Books a wave that ended: who is finished, who failed, who goes on to the next wave. */
  settle(plan: WavePlan, gated: GatedWave, ran: WaveRun, strategyReason: string): WaveRecord {
    const run = this.#started();
    requireKnown("plan", plan, "pass what optimizeWave returned");
    requireKnown("gated", gated, "pass what applySafetyGates returned");
    requireKnown("ran", ran, "pass what executeWave returned");
    if (typeof strategyReason !== "string") throw new InputError("strategyReason", "is not a sentence");
    return markKnown(run.settle(plan, gated, ran, strategyReason));
  }

  /** Compares a wave with its plan and learns from it. */
  generateFeedback(record: WaveRecord): ComparisonRow {
    const run = this.#started();
    requireKnown("record", record, "pass what settle returned");
    run.learn(record);
    return markKnown(run.loop.evaluateScheduleOutcome(record));
  }

  /** Writes every file of a wave that ended, into the directory that will replace the one in place. */
  async writeJsonlOutputs(plan: WavePlan, record: WaveRecord, comparison: ComparisonRow): Promise<void> {
    const run = this.#started();
    requireKnown("plan", plan, "pass what optimizeWave returned");
    requireKnown("record", record, "pass what settle returned");
    requireKnown("comparison", comparison, "pass what generateFeedback returned");
    return endWave(run, plan, record, comparison);
  }

  /** Shows a wave to the monitor. */
  monitorOptimization(record: WaveRecord): WaveObservation {
    const run = this.#started();
    requireKnown("record", record, "pass what settle returned");
    return run.observe(record);
  }

  /**
   * Writes the files at the root, swaps the directory in and adds the feedback rows for Phases 16 and 18.
   *
   * @returns null where no wave ended: then nothing is written
   */
  async generateReports(options: { readonly wasInterrupted?: boolean } = {}): Promise<FinishedRun | null> {
    checkOptionNames("options", options, ["wasInterrupted"]);
    return finishRun(this.#started(), this.#places!, { isPartial: options.wasInterrupted === true });
  }

  /** Lets go of the output directory; what was not reported is discarded. A second call does nothing. */
  async close(): Promise<void> {
    const start = this.#run?.start;
    this.#spans?.end();
    await this.#options.executor?.close?.();
    try {
      await start?.journal?.close();
    } finally {
      await start?.directory.close();
    }
  }

  /** One wave from gate to its last attempt; null where it was interrupted before the first one. */
  async #planAndExecute(wave: number): Promise<ExecutedWave | null> {
    const run = this.#started();
    const { signal } = this.#options;
    if (isAborted(signal)) return null;
    const chosen = this.chooseStrategy(wave);
    const { strategy, reason } = chosen;
    const tasks = run.queue.pending(wave).length;
    run.tell(wave, { event: "wave_started", waves: run.start.waves.length, tasks, strategy, reason });
    const gated = this.applySafetyGates(wave);
    const plan = await this.optimizeWave(gated, chosen);
    return isAborted(signal) ? null : { plan, gated, reason, ran: await this.executeWave(plan) };
  }

  /** One wave from gate to its files; false where it was interrupted. */
  async #runWave(wave: number): Promise<boolean> {
    const ran = await this.#planAndExecute(wave);
    return ran !== null && (await this.#book(ran));
  }

  /** What follows from a wave that ran, and its files; false where it was interrupted and does not count. */
  async #book({ plan, gated, ran, reason }: ExecutedWave): Promise<boolean> {
    const run = this.#started();
    if (ran.wasAborted) {
      await run.bookWholly(plan.wave, () => this.#keepInterrupted(plan, gated, ran, reason));
      return false;
    }
    const record = this.settle(plan, gated, ran, reason);
    await run.bookWholly(plan.wave, async () => {
      const comparison = this.generateFeedback(record);
      await this.writeJsonlOutputs(plan, record, comparison);
    });
    // Only now: what the monitor has seen it cannot unsee.
    this.monitorOptimization(record);
    await run.start.journal?.endWave(plan.wave);
    run.tell(plan.wave, waveNews(record, run.purse.spent));
    return true;
  }

  /** A failure of one wave does not cost those before it: they stand as a partial run. @throws the failure, and says so */
  async #keepWavesBefore(wave: number, cause: unknown): Promise<never> {
    const { waves } = this.#started().totals;
    if (waves.length === 0) throw cause;
    const isBooked = waves.some((ended) => ended.wave === wave);
    const kept = isBooked ? "failed when it was booked; the waves so far" : "failed; the waves before it";
    const report = await this.generateReports({ wasInterrupted: true }).then(
      () => "are kept as a partial run",
      (error: unknown) => `could not be kept: ${messageOf(error)}`,
    );
    throw withNote(cause, `wave ${wave} ${kept} (${waves.length}) ${report}`);
  }

  /** Real outcomes of a wave that was cut off are kept and learned; the monitor, which judges whole waves, does not see it. */
  async #keepInterrupted(plan: WavePlan, gated: GatedWave, ran: WaveRun, reason: string): Promise<void> {
    const saved = this.#context.execution === "real" ? salvage(ran, plan.wave) : null;
    if (saved === null) return;
    const run = this.#started();
    // What is expected of the whole wave is no reference for a part of it.
    const record = run.settle({ ...plan, reference: null }, gated, saved.ran, reason);
    const learned = { ...record, tasks: saved.tasks };
    run.learn(learned);
    await endWave(run, plan, record, run.loop.evaluateScheduleOutcome(record, learned));
  }

  #tell(event: RunEvent): void {
    this.#spans?.hear(event);
    this.#options.onEvent?.(event);
  }

  #startedAt(wave: number): Run {
    const run = this.#started();
    const { waves } = run.start;
    if (waves.includes(wave)) return run;
    throw new InputError("wave", `${showValue(wave)} is not a wave of this run; its waves are ${waves.join(", ")}`);
  }

  #started(): Run {
    if (this.#run === null) {
      throw new InputError("Phase19Harness", "has not started; call loadPhase18Data, then initializeOptimizer");
    }
    return this.#run;
  }
}

/** A wave whose last attempt has ended. */
interface ExecutedWave {
  readonly plan: WavePlan;
  readonly gated: GatedWave;
  readonly ran: WaveRun;
  /** Of its strategy. */
  readonly reason: string;
}

function withNote(cause: unknown, note: string): Error {
  if (cause instanceof InputError) return new InputError(cause.place, `${cause.rule} (${note})`, { cause });
  return new ModelError(`${messageOf(cause)} (${note})`, { cause });
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
