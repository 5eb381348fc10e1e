import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { checkOutputs } from "../../support/check-outputs.js";
import { copyFixture, readDocument, readRows } from "../../support/fixture-copies.js";
import { runRecorded } from "./recorded-environment.js";

let root = "";
beforeEach(() => (root = copyFixture("sparse")));

const NOW = ["--now", "2026-01-01T00:00:00Z", "--solver", "greedy"];
const run = (...words: string[]) => runRecorded(["run", "--outputs", root, ...NOW, ...words]);
const inRoot = (path: string): string => join(root, path);
const summary = (): Record<string, unknown> => readDocument(inRoot("phase19/phase19_summary.json"));

/** Every file below a folder, with its content. */
function snapshot(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), "utf8")]),
  );
}

it("says a word of the task file that the gate does not know on standard error, where no table says it", async () => {
  const tasks = inRoot("phase16/planned_tasks.jsonl");
  const rows = readRows(tasks) as Record<string, unknown>[];
  writeFileSync(tasks, rows.map((row, k) => JSON.stringify(k === 0 ? { ...row, risk_level: "low" } : row)).join("\n"));
  const said = (lines: readonly string[]): string[] => lines.filter((line) => line.includes("does not know a word"));
  const id = String(rows[0]!["task_id"]);
  expect(said((await run()).stderr)).toEqual([
    `phase19: ${id} was put off, for the gate does not know a word in its row of the task file. ${id}: Risk level "low" is not one of LOW, MEDIUM, HIGH, so it is not guessed; did you mean "LOW"?`,
  ]);
  expect(said((await run("--quiet")).stderr)).toEqual([]);
  const table = await run("--format", "table");
  expect(said(table.stderr)).toEqual([]);
  expect(table.stdout).toContain("does not know a word");
});

describe("options of run", () => {
  it.each([
    [["--run-id", "a/b"], 'phase19: --run-id: "a/b" is not 1 to 128 letters, digits, dots, dashes and underscores'],
    [["--live"], "phase19: --live: needs an executor"],
    [["--live", "--dry-run"], "phase19 run: takes --dry-run or --live, not both"],
    [["--live", "--gate", "rehearse"], "phase19: --gate: rehearse is for dry runs"],
    [["--waves", "0"], 'phase19: --waves: "0" is not a whole number of at least 1'],
    [["--agents", "nobody"], 'phase19: --agents: "nobody" is not an agent; '],
    [["--approve", "nobody"], 'phase19: --approve: "nobody" is no task of the task file; '],
    [
      ["--approve", "ok/ids.txt"],
      '--approve: "ok/ids.txt" is neither a file that exists nor a task of the task file; ',
    ],
    [
      ["--fresh", "--state", "x"],
      "phase19: --fresh: starts from nothing, and a state from its file; give one of the two",
    ],
    [["--stratgy", "mix"], 'phase19 run: unknown option "--stratgy"; did you mean "--strategy"?'],
  ])("refuses %j in one line, before anything is written", async (words, line) => {
    const before = snapshot(root);
    const { stdout, stderr, exitCode } = await run(...words);
    expect([stdout, stderr.length, exitCode]).toEqual(["", 1, 2]);
    expect(stderr[0]).toContain(line);
    expect(snapshot(root)).toEqual(before);
  });

  it("takes approvals from a file, a line or comma apart, so that an id may hold a space", async () => {
    const tasks = inRoot("phase16/planned_tasks.jsonl");
    const [first, second] = readRows(tasks).map(({ task_id }) => String(task_id));
    writeFileSync(tasks, readFileSync(tasks, "utf8").replaceAll(first!, "ein Name"));
    const list = join(dirname(root), "approved.txt");
    writeFileSync(list, `ein Name\n ${second!} ,\n\n`);
    expect(await run("--approve", list)).toMatchObject({ exitCode: 0, stderr: [] });
    const spaces = " ".repeat(5_000);
    expect(await run("--approve", `ein Name,${spaces}${second!}`)).toMatchObject({ exitCode: 0, stderr: [] });
    writeFileSync(list, "ein\nName\n");
    expect((await run("--approve", list)).stderr[0]).toContain('--approve: "ein" is no task');
  });

  it("says with --verbose what was read and done, and without it what was left out", async () => {
    const { stdout, stderr } = await run("--verbose");
    expect(JSON.parse(stdout)).toMatchObject({ phase: 19 });
    const text = stderr.join("\n");
    for (const words of ["plan feasible", "read: phase16/planned_tasks.jsonl, rows: 8", "absent: ", "timings: run"]) {
      expect(text).toContain(words);
    }
    expect((await run()).stderr).toEqual([]);
    const history = inRoot("phase18/wave_1/agent_0/task_outcomes.jsonl");
    mkdirSync(dirname(history), { recursive: true });
    writeFileSync(history, "{oops\n");
    expect((await run()).stderr.join()).toContain("skipped phase18/wave_1/agent_0/task_outcomes.jsonl:1: is not JSON");
    expect((await run("--quiet")).stderr).toEqual([]);
  });
});

describe("places of run", () => {
  it.each([
    ["phase18", "is or holds"],
    ["phase16", "is or holds"],
    ["", "is or holds"],
    ["phase18/wave_3", "lies in"],
  ])("never puts its output over what it reads: %j", async (place, words) => {
    const before = snapshot(root);
    const { stderr, exitCode } = await run("--out", inRoot(place), "--replace");
    expect([stderr.length, exitCode]).toEqual([1, 2]);
    expect(stderr[0]).toContain("--out");
    expect(stderr[0]).toContain(words);
    expect(snapshot(root)).toEqual(before);
  });

  it("never puts its output over what it reads, be it through a link", async () => {
    symlinkSync(inRoot("phase18"), join(dirname(root), "link"));
    const { stderr } = await run("--out", join(dirname(root), "link"), "--replace");
    expect(stderr[0]).toContain("is or holds");
  });

  it("writes the same bytes by whatever path its input is reached", async () => {
    await run();
    const first = snapshot(inRoot("phase19"));
    symlinkSync(root, join(dirname(root), "link"));
    await runRecorded(["run", "--outputs", join(dirname(root), "link"), ...NOW]);
    expect(snapshot(inRoot("phase19"))).toEqual(first);
    expect(Object.entries(first).filter(([, text]) => text.includes(dirname(root)))).toEqual([]);
  });

  it("writes a feedback row that a run before could not", async () => {
    const file = inRoot("phase16/phase19_feedback.jsonl");
    mkdirSync(file);
    const failed = await run();
    expect([failed.exitCode, failed.stderr.length]).toEqual([0, 1]);
    expect(failed.stderr[0]).toContain("the feedback row for phase16 was not written and is left to the next run");
    const { run_id } = summary();
    rmdirSync(file);
    const next = await run("--seed", "2");
    expect(next.stderr).toEqual([`phase19: ${file} lacked the feedback row of run ${String(run_id)}, and has it now`]);
    expect(readRows(file).map((row) => row["run_id"])).toEqual([run_id, summary()["run_id"]]);
    expect((await run("--seed", "2")).stderr).toEqual([]);
    expect(readRows(file)).toHaveLength(2);
  });

  it("gives up a row that cannot be written a second time, and says so", async () => {
    mkdirSync(inRoot("phase16/phase19_feedback.jsonl"));
    const { run_id } = JSON.parse((await run()).stdout) as { run_id: string };
    const { stderr, exitCode } = await run("--seed", "2");
    expect(exitCode).toBe(0);
    expect(stderr[0]).toContain(`a feedback row of run ${run_id} is still missing and is given up`);
  });
});

describe("events of run", () => {
  it("are lines of JSON, the last one the summary where they go to standard output", async () => {
    const { stdout } = await run("--events", "-", "--format", "table");
    const lines = stdout.split("\n");
    expect(lines.pop()).toBe("");
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events[0]).toBe("run_started");
    expect(events.filter((event) => event === "run_finished")).toEqual([events.at(-1)]);
  });

  it.each(["phase16/planned_tasks.jsonl", "phase18/multi_agent_summary.json", "phase18/new.jsonl"])(
    "never overwrite what is read: %s",
    async (place) => {
      const before = snapshot(root);
      const { stderr, exitCode } = await run("--events", inRoot(place));
      expect([stderr.length, exitCode]).toEqual([1, 2]);
      expect(stderr[0]).toContain("which is read; give another path");
      expect(snapshot(root)).toEqual(before);
    },
  );

  it("are not put where the swap would remove them, nor over the state", async () => {
    await run();
    expect((await run("--events", inRoot("phase19/events.jsonl"))).stderr[0]).toContain("which is replaced whole");
    const state = join(dirname(root), "state.json");
    cpSync(inRoot("phase19/learned_state.json"), state);
    expect((await run("--state", state, "--events", state)).stderr[0]).toContain("which is read");
    expect(readDocument(state)).toMatchObject({ format: "phase19-learned-state" });
  });

  it("are not put over a file that holds something else, which opening would empty", async () => {
    const [notes, log] = [inRoot("notes.txt"), inRoot("events.jsonl")];
    writeFileSync(notes, "mine");
    expect((await run("--events", notes)).stderr[0]).toContain("is not the events of a run; remove it first");
    expect(readFileSync(notes, "utf8")).toBe("mine");
    expect((await run("--events", log)).exitCode).toBe(0);
    expect((await run("--events", log)).exitCode).toBe(0);
  });

  it.skipIf(!existsSync("/dev/full"))("that cannot be written cost neither the run nor its result", async () => {
    const { stdout, stderr, exitCode } = await run("--events", "/dev/full");
    expect(exitCode).toBe(2);
    expect(stderr).toEqual(["phase19: --events: /dev/full cannot be written: no space left"]);
    expect(JSON.parse(stdout)).toMatchObject({ phase: 19 });
    expect(checkOutputs(inRoot("phase19"))).toEqual([]);
  });
});
