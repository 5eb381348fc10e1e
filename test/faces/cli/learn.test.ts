import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { learnReportSchema, type LearnReport } from "../../../src/domain/schemas/learn-report.js";
import { RISK_LEVELS } from "../../../src/domain/problem.js";
import { EMPTY_STATE } from "../../../src/domain/schemas/learned-state.js";
import { learnedStateText, readLearnedState } from "../../../src/pipeline/files/learned-state.js";
import { thisProcess } from "../../../src/pipeline/files/process-info.js";
import { copyFixture } from "../../support/fixture-copies.js";
import { jsonLines, writeScratch } from "../../pipeline/files/scratch.js";
import { runRecorded } from "./recorded-environment.js";

const AT = ["--now", "2026-01-03T00:00:00Z"];
let root = "";
let state = "";
beforeEach(() => {
  root = copyFixture("demo");
  state = join(dirname(root), "state.json");
});

const bytes = (): string => readFileSync(state, "utf8");
const learn = (...words: string[]) => runRecorded(["learn", "--state", state, ...AT, ...words]);
const history = () => ["--phase18", join(root, "phase18"), "--phase17", join(root, "phase17")];
const reportOf = (stdout: string): LearnReport => learnReportSchema.parse(JSON.parse(stdout));
const grow = (row: object): void =>
  appendFileSync(join(root, "phase18/wave_1/agent_0/task_outcomes.jsonl"), jsonLines([row]));
const NEW_ROW = {
  ...{ task_id: "late", status: "failed", attempts: 3, confidence_before: 0.6, execution_time_ms: 900 },
  ...{ risk_level: "LOW", task_type: "docs", timestamp: "2026-01-02T00:00:00Z" },
};

describe("learning", () => {
  it("builds a state, says what was learned, and keeps standard output to the result", async () => {
    const { stdout, stderr, exitCode } = await learn(...history());
    expect([stderr, exitCode]).toEqual([[], 0]);
    const { action, message, learned, state: digest } = reportOf(stdout);
    expect([action, message]).toEqual(["learned", "learned 224 outcomes from 225 new rows of 14 files"]);
    expect(learned).toMatchObject({ new_rows: 225, outcomes: 224, task_types: ["code", "docs", "review", "test"] });
    expect(learned!.agents).toEqual(["agent_0", "agent_1", "agent_2", "agent_3"]);
    expect(digest).toMatchObject({
      outcomes: 224,
      simulated_outcomes: 0,
      runs: [],
      updated: "2026-01-03T00:00:00.000Z",
    });
    expect(digest.agents.reduce((sum, { trials }) => sum + trials, 0)).toBe(269);
    expect(digest.specializations[0]).toMatchObject({ trials: expect.any(Number), advantage: expect.any(Number) });
    expect((await readLearnedState(state)).real.outcomes).toBe(224);
    expect(readdirSync(dirname(state)).filter((name) => name.includes("state"))).toEqual(["state.json"]);
  });

  it("changes nothing when it learns the same files twice, and says so", async () => {
    await learn(...history());
    const before = bytes();
    const { stdout } = await runRecorded(["learn", "--state", state, ...history(), "--now", "2026-02-01T00:00:00Z"]);
    expect(reportOf(stdout)).toMatchObject({ action: "unchanged", learned: { new_rows: 0, outcomes: 0, agents: [] } });
    expect(reportOf(stdout).message).toContain("nothing new");
    expect(bytes()).toBe(before);
  });

  it("reads a file that grew from its first new row", async () => {
    await learn(...history());
    grow(NEW_ROW);
    const { learned, state: digest } = reportOf((await learn(...history())).stdout);
    expect(learned).toMatchObject({ new_rows: 1, outcomes: 1, agents: ["agent_0"], task_types: ["docs"] });
    expect(learned!.files.filter((file) => file.new_rows > 0)).toEqual([
      { name: "phase18/wave_1/agent_0/task_outcomes.jsonl", rows: 16, new_rows: 1 },
    ]);
    const inOne = join(dirname(root), "other.json");
    await runRecorded(["learn", "--state", inOne, ...AT, ...history()]);
    const [grown, whole] = [await readLearnedState(state), await readLearnedState(inOne)];
    expect(grown.real.outcomes).toBe(whole.real.outcomes);
    expect(digest.agents).toEqual(reportOf((await runRecorded(["learn", "--state", inOne])).stdout).state.agents);
  });

  it("needs no Phase 16, joins risk from it where it is there, and takes a task file by name", async () => {
    const plan = join(root, "phase16/planned_tasks.jsonl");
    const risks = async (): Promise<number> => {
      const { real } = await readLearnedState(state);
      return real.evidence.trials.filter(([, , risk]) => RISK_LEVELS[risk ?? 0] === "MEDIUM").length;
    };
    await learn(...history(), "--tasks", plan);
    const withTasks = await risks();
    renameSync(join(root, "phase16"), join(root, "elsewhere"));
    writeFileSync(state, learnedStateText(EMPTY_STATE));
    const { stdout } = await learn(...history());
    expect(reportOf(stdout).absent.join()).toContain("planned_tasks.jsonl");
    expect(reportOf(stdout).action).toBe("learned");
    expect(await risks()).toBeLessThan(withTasks);
    const none = await learn(...history(), "--tasks", plan);
    expect([none.exitCode, none.stderr[0]]).toEqual([2, `phase19: ${plan}: does not exist; check the path`]);
  });

  it("says that no outcome has a type, unless none was wanted", async () => {
    const rows = Array.from({ length: 9 }, (_, k) => ({ ...NEW_ROW, task_id: `t${k}`, task_type: null, tool: "sql" }));
    const folder = writeScratch({ "phase18/wave_1/a/task_outcomes.jsonl": jsonLines(rows) });
    const learnFrom = (name: string, ...words: string[]) =>
      runRecorded(["learn", "--state", join(folder, name), "--phase18", join(folder, "phase18"), ...words]);
    expect((await learnFrom("a.json")).stderr.join()).toMatch(
      /none of 9 outcomes has a type in task_type.*--type-from FIELD/,
    );
    const byTool = await learnFrom("b.json", "--type-from", "tool");
    expect([byTool.stderr, reportOf(byTool.stdout).learned!.task_types]).toEqual([[], ["sql"]]);
    expect((await learnFrom("c.json", "--type-from", "none")).stderr).toEqual([]);
  });

  it("says that types name single tasks; half of them missing or their spelling changing is nothing", async () => {
    const learnRows = async (typeOf: (k: number) => string | null) => {
      const rows = Array.from({ length: 20 }, (_, k) => ({ ...NEW_ROW, task_id: `t${k}`, task_type: typeOf(k) }));
      const folder = writeScratch({ "phase18/wave_1/a/task_outcomes.jsonl": jsonLines(rows) });
      const words = ["--state", join(folder, "state.json"), "--phase18", join(folder, "phase18")];
      const { stdout, stderr } = await runRecorded(["learn", ...words]);
      return { stderr, types: reportOf(stdout).learned!.task_types };
    };
    const single = await learnRows((k) => `Write page ${k}`);
    expect(single.stderr).toEqual([
      expect.stringMatching(
        /^phase19: task_type has 20 values in 20 outcomes: it names single tasks.*--type-from none/,
      ),
    ]);
    const spelt = await learnRows((k) => (k % 2 === 0 ? null : ["Code", "CODE", "code"][k % 3]!));
    expect(spelt).toEqual({ stderr: [], types: ["code"] });
  });

  it("names lines it skipped", async () => {
    appendFileSync(join(root, "phase18/wave_1/agent_0/task_outcomes.jsonl"), "{\n");
    const { stderr, exitCode } = await learn(...history());
    expect([exitCode, stderr.length]).toEqual([0, 1]);
    expect(stderr[0]).toMatch(/^phase19: skipped .*task_outcomes\.jsonl:16: is not JSON/);
  });
});

describe("looking, resetting, migrating", () => {
  it("shows a state and writes nothing", async () => {
    await learn(...history());
    const before = bytes();
    const { stdout, stderr, exitCode } = await learn("--format", "table");
    expect([stderr, exitCode, bytes()]).toEqual([[], 0, before]);
    expect(stdout).toContain("inspected: 224 outcomes of 14 files and 0 runs\n");
    expect(stdout).toMatch(/^agent_0 +\d+ +\d+ +[\d.]+ %$/m);
    expect(stdout).toMatch(/^better at +task type +attempts +rate +predicted +advantage$/m);
    expect(stdout).toContain("weights: ");
  });

  it("resets, says what is dropped, and keeps the state before; once only", async () => {
    await learn(...history());
    const before = bytes();
    const { stdout } = await learn("--reset");
    expect(reportOf(stdout)).toMatchObject({ action: "reset", state: { outcomes: 0, files: [] } });
    expect(reportOf(stdout).message).toBe(
      "dropped 224 real and 0 simulated outcomes, 14 files, 0 runs; the state before is kept as state.json.previous",
    );
    expect(bytes()).toBe(learnedStateText(EMPTY_STATE));
    expect(readFileSync(`${state}.previous`, "utf8")).toBe(before);
    expect(reportOf((await learn("--reset")).stdout).action).toBe("unchanged");
    expect(readFileSync(`${state}.previous`, "utf8")).toBe(before);
  });

  it("leaves a state of the newest version as it is", async () => {
    await learn(...history());
    const before = bytes();
    const { stdout } = await learn("--migrate");
    expect(reportOf(stdout)).toMatchObject({ action: "unchanged", state: { outcomes: 224 } });
    expect([bytes(), existsSync(`${state}.previous`)]).toEqual([before, false]);
  });
});

describe("what is refused, in one line, without touching the file", () => {
  const damaged = () => learnedStateText(EMPTY_STATE).replace('"outcomes": 0', '"outcomes": -1');
  it.each<[string, () => string, RegExp]>([
    ["no JSON", () => "{", /state\.json.* is not JSON/],
    ["foreign JSON", () => '{"version": 3}', /format: is missing; give a learned_state\.json this program wrote/],
    ["a list", () => "[]", /format: is missing/],
    ["a damaged state", damaged, /real\.outcomes: -1 is /],
    [
      "a newer state",
      () => learnedStateText(EMPTY_STATE).replace(/"schema_version": \d+/, '"schema_version": 99'),
      /99 is newer/,
    ],
    ["an empty file", () => "", /state\.json/],
  ])("%s", async (_, text, line) => {
    writeFileSync(state, text());
    for (const words of [history(), [], ["--reset"], ["--migrate"]]) {
      const { stdout, stderr, exitCode } = await learn(...words);
      expect([stdout, stderr.length, exitCode]).toEqual(["", 1, 2]);
      expect(stderr[0]).toMatch(line);
      expect(bytes()).toBe(text());
      expect(readdirSync(dirname(state)).filter((name) => name.startsWith("state.json"))).toEqual(["state.json"]);
    }
  });

  it.each<[string, string, string]>([
    ["", "learn", "needs --state FILE"],
    ["--state s.json --phase16 x", "--phase16", "goes with --phase18 or --phase17, the sources of outcomes"],
    ["--state s.json --tasks x", "--tasks", "goes with --phase18 or --phase17, the sources of outcomes"],
    ["--state s.json --phase17 x --reset", "phase19 learn", "takes --reset or --phase17, not both"],
    ["--state s.json --reset --phase18 x", "learn", "takes --reset or --phase18, not both; do one after the other"],
    ["--state s.json --reset --migrate", "learn", "takes --reset or --migrate, not both"],
    ["--state -", "--state", "needs a file; standard input cannot be written"],
    ["--state s.json --phase81 x", "phase19 learn", 'unknown option "--phase81"'],
    ["--state nowhere/s.json --phase18 .", "--state", "nowhere/s.json cannot be written: no such file or folder"],
    ["--state nowhere.json", "--state", "nowhere.json does not exist; build one from history with --phase18 DIR"],
    ["--state s.json --phase18 nowhere", "--phase18", "nowhere cannot be read: no such file or folder; check the path"],
  ])("%s", async (words, place, rule) => {
    const { stdout, stderr, exitCode } = await runRecorded(["learn", ...words.split(" ").filter(Boolean)]);
    expect([stdout, stderr.length, exitCode]).toEqual(["", 1, 2]);
    expect(stderr[0]).toContain(place);
    expect(stderr[0]).toContain(rule);
  });

  it("a state that another process writes", async () => {
    mkdirSync(dirname(state), { recursive: true });
    const { pid, startToken, host } = thisProcess();
    const holder = { pid, start_token: startToken, host, since: "2026-01-01T00:00:00Z", released: false };
    writeFileSync(`${state}.lock`, JSON.stringify(holder));
    const { stderr, exitCode } = await learn(...history());
    expect([exitCode, existsSync(state)]).toEqual([2, false]);
    expect(stderr[0]).toContain(`is in use by process ${pid}, since 2026-01-01T00:00:00Z; wait until it has ended`);
  });
});
