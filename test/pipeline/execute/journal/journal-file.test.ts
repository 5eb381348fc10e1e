import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { JournalFile, readJournal } from "../../../../src/pipeline/execute/journal/journal-file.js";
import { PassingFile } from "../../../../src/pipeline/execute/journal/passing-file.js";
import { SYSTEM_FILES } from "../../../../src/pipeline/files/file-functions.js";
import { interceptFiles, systemError } from "../../../support/intercepted-files.js";
import { jsonLines, writeScratch } from "../../files/scratch.js";
import { ended, opened, started, waveEnded } from "./rows.js";

const NAME = "journal.jsonl";
const textOf = (path: string): string => readFileSync(path, "utf8");

describe("a journal on the disk", () => {
  it("has each row at once, and makes rows and its name last on request", async () => {
    const path = join(writeScratch({}), NAME);
    const flushed: unknown[] = [];
    const file = new JournalFile(
      path,
      interceptFiles((operation, args, run) => {
        if (operation === "flush") flushed.push(args[0]);
        return run();
      }),
    );
    await file.append(opened());
    expect(textOf(path)).toBe(jsonLines([opened()]));
    await file.append(started());
    await file.flush();
    await file.flushName();
    expect([textOf(path), flushed]).toEqual([jsonLines([opened(), started()]), [path, dirname(path)]]);
    await file.remove();
    expect(existsSync(path)).toBe(false);
  });

  it("writes the rows of one turn together, in their order", async () => {
    const written: unknown[] = [];
    const path = join(writeScratch({}), NAME);
    const file = new JournalFile(
      path,
      interceptFiles((operation, args, run) => {
        if (operation === "append") written.push(args[1]);
        return run();
      }),
    );
    await Promise.all([opened(), started(), ended()].map((row) => file.append(row)));
    await file.append(waveEnded());
    expect(written).toEqual([jsonLines([opened(), started(), ended()]), jsonLines([waveEnded()])]);
    expect(textOf(path)).toBe(written.join(""));
  });

  it("leaves no file where it is removed while a row is to be written", async () => {
    const path = join(writeScratch({}), NAME);
    const file = new JournalFile(path, SYSTEM_FILES);
    const appending = file.append(opened());
    await file.remove();
    await appending;
    expect(existsSync(path)).toBe(false);
  });

  it("shares a flush among the calls of one turn, and the next among those that come during it", async () => {
    const waiting: (() => void)[] = [];
    const files = interceptFiles((operation, _, run) =>
      operation === "flush" ? new Promise<void>((resolve) => void waiting.push(resolve)) : run(),
    );
    const file = new JournalFile("journal", files);
    const done: number[] = [];
    const note = (k: number) => file.flush().then(() => done.push(k));
    const turns = () => sleep(5);
    const all = [note(1), note(2), note(3)];
    await turns();
    expect(waiting).toHaveLength(1);
    all.push(note(4), note(5));
    await turns();
    expect([done, waiting.length]).toEqual([[], 1]);
    waiting[0]!();
    await turns();
    expect([done, waiting.length]).toEqual([[1, 2, 3], 2]);
    all.push(note(6));
    waiting[1]!();
    await turns();
    expect([done, waiting.length]).toEqual([[1, 2, 3, 4, 5], 3]);
    waiting[2]!();
    await Promise.all(all);
    expect(done).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("flushes again after one that failed", async () => {
    let numCalls = 0;
    const files = interceptFiles(async (operation, _, run) => {
      if (operation !== "flush") return run();
      if (++numCalls === 1) throw systemError("EIO");
      return undefined;
    });
    const file = new JournalFile("journal", files);
    const together = await Promise.allSettled([file.flush(), file.flush()]);
    expect(together.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(numCalls).toBe(1);
    await expect(file.flush()).resolves.toBeUndefined();
    expect(numCalls).toBe(2);
  });
});

describe("reading a journal", () => {
  const read = (content: string | Uint8Array) => {
    const path = join(writeScratch({ [NAME]: content }), NAME);
    return readJournal(path, SYSTEM_FILES).then((journal) => ({ ...journal!, left: textOf(path) }));
  };
  const rows = [opened(), started(), ended()];

  it("gives its rows, and null where there is none", async () => {
    expect(await read(jsonLines(rows))).toEqual({ rows, isTorn: false, left: jsonLines(rows) });
    expect(await read("")).toEqual({ rows: [], isTorn: false, left: "" });
    expect(await readJournal(join(writeScratch({}), NAME), SYSTEM_FILES)).toBeNull();
  });

  it.each([
    ["half a row", '{"event":"wave_ended"'],
    ["a whole row without its end", JSON.stringify(waveEnded())],
    ["zeros", "\0\0\0\n"],
    ["a line that is no row", '{"event":"unknown"}\n'],
  ])("cuts off a last line that is torn: %s", async (_, torn) => {
    expect(await read(jsonLines(rows) + torn)).toEqual({ rows, isTorn: true, left: jsonLines(rows) });
  });

  it("names the line in the middle that is damaged, and its cure", async () => {
    const text = `${jsonLines(rows.slice(0, 2))}{"event":"unknown"}\n${jsonLines([ended()])}`;
    await expect(read(text)).rejects.toThrow(/journal\.jsonl:3.*no row of a journal.*--abandon sets the journal aside/);
  });
});

describe("the journal of a run that can be played again", () => {
  it("is written a few hundred rows at a time, and never flushed to the disk", async () => {
    const path = join(writeScratch({}), NAME);
    const operations: string[] = [];
    const files = interceptFiles((operation, _, run) => {
      operations.push(operation);
      return run();
    });
    const file = new PassingFile(path, files);
    await file.flush();
    await file.append(started());
    expect([operations, existsSync(path)]).toEqual([[], false]);
    await file.flush();
    expect([operations, textOf(path)]).toEqual([["append"], jsonLines([started()])]);
    const long = ended({ output: "x".repeat(131_072) });
    await file.append(long);
    expect(operations).toHaveLength(1);
    await file.append(long);
    expect(operations).toHaveLength(2);
    await file.append(long);
    await file.remove();
    await file.flush();
    expect([operations, existsSync(path)]).toEqual([["append", "append", "remove"], false]);
    await file.append(long);
    expect(operations).toHaveLength(3);
  });
});
