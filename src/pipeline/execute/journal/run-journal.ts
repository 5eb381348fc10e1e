import { type FullProblem, InputError, type ResultDocument } from "../../../domain/index.js";
import type { JournalOf, JournalRow } from "../../../domain/schemas/index.js";
import type { FileFunctions } from "../../files/file-functions.js";
import { thisProcess } from "../../files/process-info.js";
import { endGroup } from "../executors/process-group.js";
import type { Move } from "../live/mover.js";
import type { AgentChange } from "../settings.js";
import type { AttemptJournal } from "./attempt-journal.js";
import { endedRow, identityOf, lostRow } from "./attempt-rows.js";
import { type InFlight, JournalContent } from "./journal-content.js";
import { JournalFile, readJournal } from "./journal-file.js";
import { PassingFile } from "./passing-file.js";
import { planFacts } from "./plan-facts.js";

/** A run that is to be written down. */
export interface JournalRequest {
  readonly path: string;
  readonly runId: string;
  /** Hash of the inputs, of the options that change results and of the seed. */
  readonly identity: string;
  readonly executor: string;
  /** Tasks of all its waves, for whoever looks on. */
  readonly numTasks?: number;
  /** Set an unfinished journal aside. */
  readonly abandon: boolean;
  readonly inFlight: "retry" | "fail";
  /** Name of the complete run whose tree is in place; null where there is none. */
  readonly finishedRunId: string | null;
  readonly files: FileFunctions;
  /** ISO-8601 UTC. */
  readonly now: () => string;
}

/** Where rows go: to the disk before anything follows from them, or only for whoever looks on. */
type RowFile = Pick<JournalFile, "path" | "append" | "flush" | "remove">;

/** What a run has done so far, on the disk. */
export class RunJournal {
  /** Rows that are written while nobody waits for them; where one fails, the next flush says so. */
  #pending: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly file: RowFile,
    private readonly content: JournalContent,
    private readonly now: () => string,
    /** What a user should hear of an unfinished run. */
    readonly warnings: readonly string[],
    /** A run that can be played again: nothing is adopted from its journal, and it is gone with the run. */
    readonly isPassing = false,
  ) {}

  get path(): string {
    return this.file.path;
  }

  /** The plan of a wave that an earlier start chose; null where it chose none. */
  planOf(wave: number): ResultDocument | null {
    return this.content.planOf(wave) as ResultDocument | null;
  }

  /**
   * @param held tasks of the wave that the gate held back
   * @param problem what was planned; the journal has of it what a page shows
   */
  async choosePlan(
    wave: number,
    result: ResultDocument,
    held: Readonly<NonNullable<JournalOf<"plan_chosen">["held"]>>,
    problem: Pick<FullProblem, "agents" | "tasks"> = { agents: [], tasks: [] },
  ): Promise<void> {
    if (this.content.planOf(wave) !== null) return;
    await this.#write({
      event: "plan_chosen",
      wave,
      result: result as JournalOf<"plan_chosen">["result"],
      ...(held.length > 0 && { held: [...held] }),
      ...planFacts(problem),
      at: this.now(),
    });
    await this.file.flush();
  }

  ofWave(wave: number): AttemptJournal {
    return {
      adopted: this.content.wave(wave),
      start: (request) => {
        const { startMs: start_ms, confidence } = request;
        const row = { event: "attempt_started" as const, ...identityOf(request), start_ms, confidence, at: this.now() };
        return this.#write(row);
      },
      group: (request, { id, startToken }) => {
        const group = { group_id: id, start_token: startToken, boot_id: thisProcess().bootId };
        this.#note({ event: "attempt_group", ...identityOf(request), ...group });
      },
      end: async (_, ended) => {
        await this.#write(endedRow(wave, ended, this.now()));
        if (!this.isPassing) await this.#flush();
      },
    };
  }

  move(wave: number, { taskId, from, to, reason }: Move): void {
    const place = { task_id: taskId, from_agent_id: from.agentId, agent_id: to.agentId, slot: to.slot };
    this.#note({ event: "moved", wave, ...place, reason, at: this.now() });
  }

  changeAgent(wave: number, { agentId, change, reason }: AgentChange): void {
    const event = change === "down" ? "agent_down" : "agent_up";
    this.#note({ event, wave, agent_id: agentId, reason, at: this.now() });
  }

  async endWave(wave: number): Promise<void> {
    if (!this.content.hasEndedWave(wave)) await this.#write({ event: "wave_ended", wave, at: this.now() });
    if (this.isPassing) await this.file.flush();
  }

  /** The run has ended: what follows is only the swap of its tree. */
  async finish(): Promise<void> {
    if (!this.content.isFinished) await this.#write({ event: "run_finished", at: this.now() });
    await this.#flush();
  }

  /** The tree has it: nothing is left to adopt. */
  remove(): Promise<void> {
    return this.file.remove();
  }

  /** Leaves no file behind where nothing was run, or all of it can be run again. */
  async close(): Promise<void> {
    if (this.isPassing || !this.content.hasAttempts) await this.file.remove();
  }

  #note(row: JournalRow): void {
    this.#pending = Promise.all([this.#pending, this.#write(row)]);
    this.#pending.catch(() => undefined);
  }

  async #flush(): Promise<void> {
    await this.#pending;
    await this.file.flush();
  }

  async #write(row: JournalRow): Promise<void> {
    await this.file.append(row);
    if (!this.isPassing) this.content.add(row);
  }
}

/**
 * Opens the journal of a live run. One that an earlier start of the same run left unfinished is adopted: what it proves stands,
 * and the attempts that were under way are ended, to be made again or counted as failed.
 *
 * @throws InputError where an unfinished journal is of another run, or damaged
 */
export async function openJournal(request: JournalRequest): Promise<RunJournal> {
  const { path, files, now } = request;
  const file = new JournalFile(path, files);
  const found = await findUnfinished(request);
  const warnings = [...found.warnings];
  if (found.rows === null) {
    await file.append({ ...openedRow(request), at: now() });
    await file.flush();
    await file.flushName();
    return new RunJournal(file, new JournalContent([]), now, warnings);
  }
  const content = new JournalContent(found.rows);
  const { numEnded } = content;
  const open = content.inFlight();
  const numAlive = await endGroups(open);
  if (request.inFlight === "fail") {
    for (const { started } of open) {
      const row = lostRow(started, now());
      await file.append(row);
      content.add(row);
    }
    await file.flush();
  }
  warnings.push(describeAdoption(numEnded, open.length, numAlive, request.inFlight));
  return new RunJournal(file, content, now, warnings);
}

/** The journal of a simulated run, which starts beside no unfinished live one. @throws InputError */
export async function openPassingJournal(
  request: Omit<JournalRequest, "identity" | "executor" | "inFlight">,
): Promise<RunJournal> {
  const facts = { identity: "", executor: "simulated" };
  const { warnings } = await findUnfinished({ ...request, ...facts, inFlight: "retry" });
  const { path, files, now } = request;
  const file = new PassingFile(path, files);
  await file.append({ ...openedRow({ ...request, ...facts }), execution: "simulated", at: now() });
  return new RunJournal(file, new JournalContent([]), now, warnings, true);
}

function openedRow({
  runId,
  identity,
  executor,
  numTasks,
}: Pick<JournalRequest, "runId" | "identity" | "executor" | "numTasks">) {
  const facts = { event: "run_opened" as const, schema_version: 1 as const, run_id: runId, identity, executor };
  return { ...facts, ...(numTasks !== undefined && { tasks: numTasks }) };
}

interface Found {
  /** Null: nothing is there to adopt. */
  readonly rows: readonly JournalRow[] | null;
  readonly warnings: readonly string[];
}

async function findUnfinished(request: JournalRequest): Promise<Found> {
  const { path, files, abandon, finishedRunId, identity } = request;
  if (abandon) return { rows: null, warnings: await setAside(request) };
  const journal = await readJournal(path, files);
  if (journal === null) return { rows: null, warnings: [] };
  const { rows, isTorn } = journal;
  const [opened] = rows;
  const warnings = isTorn ? [`the last line of ${path} was torn and is cut off`] : [];
  const isLeft = opened?.event === "run_opened" && opened.execution === "simulated";
  if (isLeft || opened?.event !== "run_opened" || rows.length === 1 || isInPlace(rows, opened.run_id, finishedRunId)) {
    await new JournalFile(path, files).remove();
    return { rows: null, warnings };
  }
  if (opened.identity !== identity || opened.run_id !== request.runId) {
    throw new InputError(
      path,
      `is the journal of the unfinished live run ${opened.run_id}, which has other inputs or options; finish that run by the same call, or give --abandon to set it aside`,
    );
  }
  return { rows, warnings };
}

/** A run killed between the swap of its tree and the removal of its journal is complete. */
function isInPlace(rows: readonly JournalRow[], runId: string, finishedRunId: string | null): boolean {
  return rows.at(-1)?.event === "run_finished" && runId === finishedRunId;
}

async function setAside({ path, files, now }: JournalRequest): Promise<string[]> {
  if ((await files.kindOf(path)) === "absent") return [];
  const aside = `${path.replace(/\.jsonl$/, "")}.abandoned-${now().replace(/[^\d]/g, "")}.jsonl`;
  await files.move(path, aside);
  return [`the journal of the unfinished run was set aside: ${aside}`];
}

/** Ends what still runs of attempts whose starter is gone. @returns how many did */
async function endGroups(open: readonly InFlight[]): Promise<number> {
  const { bootId } = thisProcess();
  const alive = await Promise.all(
    open.map(async ({ group }) => {
      if (group === null || group.boot_id !== bootId) return false;
      return endGroup({ id: group.group_id, startToken: group.start_token });
    }),
  );
  return alive.filter(Boolean).length;
}

function describeAdoption(numEnded: number, numOpen: number, numAlive: number, inFlight: "retry" | "fail"): string {
  const known = `an earlier start of this run did not finish; its journal is used: ${countOf(numEnded)} that ended ${numEnded === 1 ? "counts and is" : "count and are"} not run again`;
  if (numOpen === 0) return known;
  const isOne = numOpen === 1;
  const open = `${countOf(numOpen)} that had no answer yet ${isOne ? "is" : "are"} ${inFlight === "retry" ? "run again" : "counted as failed"}`;
  const alive = `${isOne ? "it" : `${numAlive} of them`} still ran and ${numAlive === 1 ? "was" : "were"} stopped first`;
  return [known, open, ...(numAlive === 0 ? [] : [alive])].join("; ");
}

function countOf(attempts: number): string {
  return `${attempts} attempt${attempts === 1 ? "" : "s"}`;
}
