import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describeReadError, InputError, PACKAGE_VERSION, systemCode } from "../../../domain/index.js";
import {
  check,
  journalRowSchema,
  type JournalRow,
  type PageDocument,
  type PagePatch,
} from "../../../domain/schemas/index.js";
import { SYSTEM_FILES } from "../../files/file-functions.js";
import { isHeld, parseHolder } from "../../files/lock-holder.js";
import { MARK_FILE } from "../../files/output-mark.js";
import { thisProcess } from "../../files/process-info.js";
import { JournalPage } from "./journal-page.js";
import { EMPTY_PAGE } from "./page-of-result.js";
import { pageOfTree } from "./page-of-tree.js";
import { runHistory } from "./run-history.js";
import { folderSource } from "./tree-source.js";

/** What is new: nothing, a part that a page can take in, or so much that it is read again. */
export type RunNews =
  { readonly kind: "none" } | { readonly kind: "patch"; readonly patch: PagePatch } | { readonly kind: "page" };

/**
 * Follows the tree and the journal of one output directory without writing anything: the journal of a run that goes on, else
 * the tree of the last one. Each call of `look` reads only what has been added.
 */
export class RunWatcher {
  #page: PageDocument;
  #journal: JournalTail | null = null;
  #treeKey = "";
  #isRunning = false;

  constructor(private readonly outputsDir: string) {
    this.#page = waitingPage(outputsDir);
  }

  /** The page as it is now. O(tasks) while a run goes. */
  page(): PageDocument {
    if (this.#journal === null) return this.#page;
    return { ...this.#journal.page.page(this.#isRunning), history: this.#page.history };
  }

  /** @throws InputError where tree or journal cannot be read or are damaged */
  async look(): Promise<RunNews> {
    const place = join(this.outputsDir, "phase19");
    const file = `${place}.journal.jsonl`;
    const id = await fileId(file);
    if (id !== null) {
      const isOther = this.#journal === null || this.#journal.id !== id || (await this.#journal.wasCut());
      if (isOther) this.#journal = new JournalTail(file, id);
      const numRows = await this.#journal!.read();
      const isRunning = await holdsLock(`${place}.lock`);
      const hasTurned = isRunning !== this.#isRunning;
      this.#isRunning = isRunning;
      if (isOther) this.#page = { ...this.#page, history: await runHistory(this.outputsDir) };
      if (numRows === 0 && !hasTurned && !isOther) return { kind: "none" };
      const patch = this.#journal!.page.takePatch(isRunning);
      return patch === null || isOther ? { kind: "page" } : { kind: "patch", patch };
    }
    const treeKey = (await fileId(join(place, MARK_FILE))) ?? "";
    if (this.#journal === null && treeKey === this.#treeKey) return { kind: "none" };
    const page = treeKey === "" ? waitingPage(this.outputsDir) : await pageOfTree(folderSource(place, SYSTEM_FILES));
    this.#page = { ...page, history: await runHistory(this.outputsDir) };
    this.#treeKey = treeKey;
    this.#journal = null;
    return { kind: "page" };
  }
}

/** Reads a journal as it grows. Its last line may be half written: that is read when it is whole. */
class JournalTail {
  readonly page = new JournalPage();
  #offset = 0;

  constructor(
    private readonly file: string,
    readonly id: string,
  ) {}

  /** Whether it is shorter than what was read. */
  async wasCut(): Promise<boolean> {
    return (await sizeOf(this.file)) < this.#offset;
  }

  /** @returns rows that are new */
  async read(): Promise<number> {
    const handle = await open(this.file, "r").catch((error: unknown) => {
      // It was taken into the tree a moment ago.
      if (systemCode(error) === "ENOENT") return null;
      throw unreadable(this.file, error);
    });
    if (handle === null) return 0;
    try {
      const { size } = await handle.stat();
      const bytes = Buffer.alloc(Math.max(0, size - this.#offset));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, this.#offset);
      const end = bytes.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
      const lines = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
      for (const line of lines) this.page.add(parseRow(line, this.file));
      this.#offset += end;
      return lines.length;
    } finally {
      await handle.close();
    }
  }
}

function parseRow(line: string, file: string): JournalRow {
  try {
    return check<JournalRow>(journalRowSchema, JSON.parse(line), file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(file, "has a damaged line", { cause: error });
  }
}

/** Null where there is no such file; otherwise what tells it from another one in its place. */
async function fileId(file: string): Promise<string | null> {
  try {
    const { dev, ino, birthtimeMs } = await stat(file);
    return `${dev} ${ino} ${birthtimeMs}`;
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return null;
    throw unreadable(file, error);
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return 0;
    throw unreadable(file, error);
  }
}

/** Whether the process behind the lock may still run. */
async function holdsLock(file: string): Promise<boolean> {
  try {
    return isHeld(parseHolder(await readFile(file, "utf8"), file), thisProcess());
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    if (error instanceof InputError) return false;
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): InputError {
  return new InputError(file, `cannot be read: ${describeReadError(error)}`, { cause: error });
}

function waitingPage(outputsDir: string): PageDocument {
  return {
    ...EMPTY_PAGE,
    ...{ kind: "run", state: "waiting", version: PACKAGE_VERSION, strategy: "–", waves: [] },
    headline: [`No run has written to ${outputsDir} yet. This page shows the next one.`],
    tasks: { total: 0, completed: 0, failed: 0, deferred: 0, open: 0, reassigned: 0, retries: 0 },
  };
}
