import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../../../src/domain/result.js";
import type { JournalRow } from "../../../../src/domain/schemas/index.js";
import type { AttemptRequest } from "../../../../src/pipeline/execute/executor.js";
import { endedAttempt } from "../../../../src/pipeline/execute/journal/attempt-rows.js";
import {
  type JournalRequest,
  openJournal,
  openPassingJournal,
} from "../../../../src/pipeline/execute/journal/run-journal.js";
import type { Slot } from "../../../../src/pipeline/execute/live/slot-board.js";
import { SYSTEM_FILES } from "../../../../src/pipeline/files/file-functions.js";
import { startTokenOf, thisProcess } from "../../../../src/pipeline/files/process-info.js";
import { interceptFiles, systemError } from "../../../support/intercepted-files.js";
import { jsonLines, writeScratch } from "../../files/scratch.js";
import { AT, ended, finished, group, moved, opened, started, waveEnded } from "./rows.js";

const NAME = "phase19.journal.jsonl";

function requestFor(rows: readonly JournalRow[] | null, over: Partial<JournalRequest> = {}): JournalRequest {
  const path = join(writeScratch(rows === null ? {} : { [NAME]: jsonLines(rows) }), NAME);
  return {
    ...{ path, runId: "run", identity: "same", executor: "scripted", abandon: false, inFlight: "retry" },
    ...{ finishedRunId: null, files: SYSTEM_FILES, now: () => AT },
    ...over,
  };
}

const rowsAt = (path: string): JournalRow[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JournalRow);

const attempt = { wave: 1, taskId: "t", agentId: "a", slot: 0, attempt: 1, startMs: 10, confidence: 0.8 };
const REQUEST = attempt as AttemptRequest;
const CHANGE = { agentId: "a", atMs: 0, probeAtMs: null };
const slotOf = (agentId: string, slot: number): Slot => ({
  ...{ agentId, slot, order: 0, availableFromMs: 0, waiting: [], running: null },
});
const RESULT = { termination: "optimal" } as ResultDocument;

describe("the journal of a run", () => {
  it("holds everything that happened, in order", async () => {
    const request = requestFor(null);
    const journal = await openJournal(request);
    await journal.choosePlan(1, RESULT, []);
    await journal.choosePlan(2, RESULT, [{ task_id: "u", reason: "HIGH risk" }]);
    await journal.choosePlan(1, RESULT, []);
    const wave = journal.ofWave(1);
    await wave.start(REQUEST);
    wave.group(REQUEST, { id: 7, startToken: "s" });
    await wave.end(REQUEST, endedAttempt(ended()));
    journal.move(1, {
      ...{ atMs: 0, gainMs: 0 },
      taskId: "t",
      from: slotOf("a", 0),
      to: slotOf("b", 1),
      reason: "late",
    });
    journal.changeAgent(1, { ...CHANGE, change: "down", reason: "gone" });
    journal.changeAgent(1, { ...CHANGE, change: "up", reason: "back" });
    await journal.endWave(1);
    await journal.endWave(1);
    await journal.finish();
    await journal.finish();
    const plan = { event: "plan_chosen", wave: 1, result: RESULT, at: AT };
    expect(rowsAt(journal.path)).toEqual([
      ...[opened(), plan, { ...plan, wave: 2, held: [{ task_id: "u", reason: "HIGH risk" }] }, started()],
      ...[group({ boot_id: thisProcess().bootId }), ended(), moved()],
      { event: "agent_down", wave: 1, agent_id: "a", reason: "gone", at: AT },
      { event: "agent_up", wave: 1, agent_id: "a", reason: "back", at: AT },
      ...[waveEnded(), finished()],
    ]);
    expect([journal.planOf(2), journal.planOf(3)]).toEqual([RESULT, null]);
    expect([wave.adopted, journal.ofWave(1).adopted!.ended.length, journal.warnings]).toEqual([null, 1, []]);
    await journal.close();
    expect(existsSync(journal.path)).toBe(true);
    await journal.remove();
    expect(existsSync(journal.path)).toBe(false);
  });

  it("is on the disk before anything follows from it", async () => {
    const operations: string[] = [];
    const files = interceptFiles((operation, args, run) => {
      const text = operation === "append" ? (JSON.parse(String(args[1])) as JournalRow).event : "";
      operations.push(`${operation} ${text}`.trim());
      return run();
    });
    const journal = await openJournal(requestFor(null, { files }));
    expect(operations).toEqual(["kindOf", "append run_opened", "flush", "flush"]);
    operations.length = 0;
    await journal.choosePlan(1, RESULT, []);
    await journal.ofWave(1).start(REQUEST);
    await journal.ofWave(1).end(REQUEST, endedAttempt(ended()));
    await journal.endWave(1);
    await journal.finish();
    expect(operations).toEqual([
      ...["append plan_chosen", "flush", "append attempt_started", "append attempt_ended", "flush"],
      ...["append wave_ended", "append run_finished", "flush"],
    ]);
  });

  it("says with the next outcome that a row could not be written", async () => {
    const files = interceptFiles(async (operation, args, run) => {
      if (operation === "append" && String(args[1]).includes("agent_down")) throw systemError("ENOSPC");
      return run();
    });
    const journal = await openJournal(requestFor(null, { files }));
    journal.changeAgent(1, { ...CHANGE, change: "down", reason: "gone" });
    await expect(journal.finish()).rejects.toThrow("cannot be written: no space left");
  });

  it("leaves no file behind where nothing was run", async () => {
    const journal = await openJournal(requestFor(null));
    await journal.choosePlan(1, RESULT, []);
    await journal.close();
    expect(existsSync(journal.path)).toBe(false);
  });
});

describe("a journal that an earlier start left", () => {
  const unfinished = [opened(), started(), ended(), started({ task_id: "u" })];
  const FIRST = "an earlier start of this run did not finish; its journal is used: ";

  it.each<[string, readonly JournalRow[], Partial<JournalRequest>, string]>([
    [
      "one of each",
      unfinished,
      {},
      "1 attempt that ended counts and is not run again; 1 attempt that had no answer yet is run again",
    ],
    ["no open one", unfinished.slice(0, 3), {}, "1 attempt that ended counts and is not run again"],
    [
      "two open ones that count as failed",
      [opened(), started(), started({ task_id: "u" })],
      { inFlight: "fail" },
      "0 attempts that ended count and are not run again; 2 attempts that had no answer yet are counted as failed",
    ],
  ])("is adopted, and says so: %s", async (_, rows, over, words) => {
    const { warnings } = await openJournal(requestFor(rows, over));
    expect(warnings).toEqual([FIRST + words]);
  });

  it("counts what was under way as failed where that is asked for, and keeps it open otherwise", async () => {
    const failing = await openJournal(requestFor(unfinished, { inFlight: "fail" }));
    const last = rowsAt(failing.path).at(-1)!;
    expect(last).toMatchObject({ event: "attempt_ended", task_id: "u", succeeded: false, retryable: false });
    expect(failing.ofWave(1).adopted!.ended).toHaveLength(2);
    const retrying = await openJournal(requestFor(unfinished));
    expect([rowsAt(retrying.path), retrying.ofWave(1).adopted!.ended.length]).toEqual([unfinished, 1]);
  });

  it("stops what still runs of it first", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
    await once(child, "spawn");
    const its = { group_id: child.pid!, start_token: startTokenOf(child.pid!), boot_id: thisProcess().bootId };
    const foreign = { ...its, task_id: "u", boot_id: "another start of the machine" };
    const gone = once(child, "exit");
    const other = await openJournal(requestFor([opened(), started({ task_id: "u" }), group(foreign)]));
    expect([other.warnings.join().includes("still ran"), child.exitCode]).toEqual([false, null]);
    const rows = [opened(), started(), started({ task_id: "u" }), group(its)];
    const { warnings } = await openJournal(requestFor(rows));
    expect(warnings.join()).toMatch(
      /2 attempts that had no answer yet are run again; 1 of them still ran and was stopped first$/,
    );
    await gone;
  });

  it.each([
    ["has one row", [opened()], null],
    ["is of a simulated run", [opened({ execution: "simulated" }), waveEnded()], null],
    ["is none", [waveEnded(), waveEnded()], null],
    ["is complete, and its tree in place", [opened(), ended(), finished()], "run"],
  ])("is removed where it %s", async (_, rows, finishedRunId) => {
    const journal = await openJournal(requestFor(rows, { finishedRunId }));
    expect([rowsAt(journal.path), journal.warnings]).toEqual([[opened()], []]);
  });

  it.each([
    ["its tree is another run's", [opened(), ended(), finished()], "other"],
    ["only the swap is missing", [opened(), ended(), finished()], null],
    ["its tree is in place and it goes on", [opened(), ended()], "run"],
  ])("is adopted where %s", async (_, rows, finishedRunId) => {
    const journal = await openJournal(requestFor(rows, { finishedRunId }));
    expect(rowsAt(journal.path)).toEqual(rows);
  });

  it.each([{ identity: "other" }, { run_id: "other" }])("is refused where it is of another run: %o", async (over) => {
    const request = requestFor([opened(over), ended()]);
    const words = /is the journal of the unfinished live run (?:run|other), which .*give --abandon to set it aside/;
    await expect(openJournal(request)).rejects.toThrow(words);
    await expect(openPassingJournal(requestFor([opened(), ended()]))).rejects.toThrow(words);
  });

  it("is set aside where that is asked for", async () => {
    const request = requestFor(unfinished, { abandon: true });
    const { warnings, path } = await openJournal(request);
    const aside = readdirSync(dirname(path)).find((name) => name.includes("abandoned"))!;
    expect(aside).toBe("phase19.journal.abandoned-20260101000000000.jsonl");
    expect(warnings).toEqual([`the journal of the unfinished run was set aside: ${join(dirname(path), aside)}`]);
    expect([rowsAt(join(dirname(path), aside)), rowsAt(path)]).toEqual([unfinished, [opened()]]);
    expect((await openJournal(requestFor(null, { abandon: true }))).warnings).toEqual([]);
  });

  it("loses a torn line, and says so", async () => {
    const request = requestFor([]);
    await SYSTEM_FILES.write(request.path, `${jsonLines([opened(), ended()])}{"ev`);
    const [torn, adopted] = (await openJournal(request)).warnings;
    expect(torn).toBe(`the last line of ${request.path} was torn and is cut off`);
    expect(adopted).toContain("1 attempt that ended counts");
  });
});

describe("the journal of a simulated run", () => {
  it("adopts nothing, is written wave by wave, and is gone with the run", async () => {
    const operations: string[] = [];
    const files = interceptFiles((operation, _, run) => {
      operations.push(operation);
      return run();
    });
    const journal = await openPassingJournal(requestFor(null, { files }));
    const wave = journal.ofWave(1);
    await wave.start(REQUEST);
    await wave.end(REQUEST, endedAttempt(ended()));
    expect(operations).toEqual(["kindOf"]);
    await journal.endWave(1);
    expect(operations).toEqual(["kindOf", "append"]);
    const first = opened({ identity: "", executor: "simulated", execution: "simulated" });
    expect(rowsAt(journal.path)).toEqual([first, started(), ended(), waveEnded()]);
    expect([journal.ofWave(1).adopted, journal.isPassing]).toEqual([null, true]);
    await journal.close();
    expect(existsSync(journal.path)).toBe(false);
  });
});
