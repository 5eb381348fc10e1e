import { countOf, type SolveOptions, type ResultDocument } from "../../domain/index.js";
import type { ProgressEvent } from "../../engine/index.js";
import { describeOutcome } from "./headline.js";
import { formatGap, formatNumber, shorten } from "./text.js";

/** News of one stage this close to the line before are held back, so that a burst of plans is one line. */
const MERGED_MS = 50;
const STAGE_WIDTH = 26;
const NUMBER_WIDTH = 12;
const GAP_WIDTH = 8;

/** What the log says of a wave before the search. */
export interface WaveSize {
  readonly numTasks: number;
  readonly numAgents: number;
  readonly numPairs: number;
}

/**
 * The log of one solve: the size of the wave, a line for each new stage, plan and bound with all that is known of the first
 * goal, and how it ended. A line that is held back is written as soon as another one follows or 50 ms have passed.
 */
export class SolverLog {
  #held: ProgressEvent | null = null;
  #timer: NodeJS.Timeout | undefined;
  #last: ProgressEvent | null = null;

  constructor(
    private readonly options: SolveOptions,
    private readonly write: (line: string) => void,
  ) {}

  begin({ numTasks, numAgents, numPairs }: WaveSize): void {
    const { strategy, solver, threads, timeLimitMs, workLimit, seed } = this.options;
    this.write(
      `${strategy}: ${countOf(numTasks, "task")}, ${countOf(numAgents, "agent")}, ${countOf(numPairs, "eligible pair")}`,
    );
    const work = workLimit === null ? "" : `, ${workLimit} units of work`;
    this.write(`solver ${solver}, ${countThreads(threads)}, seed ${seed}, at most ${timeLimitMs / 1000} s${work}`);
    this.write(columns(" ", "seconds", "stage", "value", "bound", "gap"));
  }

  readonly hear = (event: ProgressEvent): void => {
    if (event.kind === "end") return this.flush();
    if (this.#isClose(event)) {
      // A plan is not to be forgotten because a bound came after it.
      const kind = this.#held?.kind === "incumbent" ? "incumbent" : event.kind;
      this.#held = { ...event, kind };
      this.#timer ??= setTimeout(this.flush, MERGED_MS).unref();
      return;
    }
    this.flush();
    this.#show(event);
  };

  /** Writes what is held back. */
  readonly flush = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#held !== null) this.#show(this.#held);
    this.#held = null;
  };

  end(result: ResultDocument, work: number, elapsedMs: number): void {
    this.flush();
    const { value, bound, gap } = result.objective;
    this.write(describeOutcome(result));
    this.write(`value ${formatNumber(value)}, bound ${formatNumber(bound)}, gap ${formatGap(gap)}`);
    const repeat = result.reproducible ? "reproducible" : "not reproducible";
    this.write(
      `${(elapsedMs / 1000).toFixed(3)} s, ${Math.round(work)} units of work, ${countThreads(result.options.threads)}, ${repeat}`,
    );
  }

  #isClose(event: ProgressEvent): boolean {
    const last = this.#last;
    if (last === null || event.kind === "stage" || event.stage !== last.stage) return false;
    return event.elapsed_ms - last.elapsed_ms < MERGED_MS;
  }

  #show(event: ProgressEvent): void {
    this.#last = event;
    const { kind, stage, value, bound, gap, elapsed_ms } = event;
    const mark = kind === "incumbent" ? "*" : " ";
    const seconds = (elapsed_ms / 1000).toFixed(3);
    this.write(columns(mark, seconds, stage, formatNumber(value), formatNumber(bound), formatGap(gap)));
  }
}

function countThreads(threads: number): string {
  return threads === 1 ? "1 thread" : `${threads} threads`;
}

function columns(mark: string, seconds: string, stage: string, value: string, bound: string, gap: string): string {
  const name = shorten(stage, STAGE_WIDTH).padEnd(STAGE_WIDTH);
  const numbers = `${value.padStart(NUMBER_WIDTH)} ${bound.padStart(NUMBER_WIDTH)} ${gap.padStart(GAP_WIDTH)}`;
  return `${mark} ${seconds.padStart(8)}  ${name} ${numbers}`;
}
