import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { calibrationReportSchema, type CalibrationReport } from "../../../src/domain/schemas/calibration.js";
import { EMPTY_STATE } from "../../../src/domain/schemas/learned-state.js";
import { learnedStateText } from "../../../src/pipeline/files/learned-state.js";
import { jsonLines, writeScratch } from "../../pipeline/files/scratch.js";
import { ROOT } from "../../source-files.js";
import { copyFixture } from "../../support/fixture-copies.js";
import { runRecorded } from "./recorded-environment.js";

const reportOf = (stdout: string): CalibrationReport => calibrationReportSchema.parse(JSON.parse(stdout));
const task = (changes: object = {}) => ({
  ...{ task_id: "t", agent_id: "a", wave: 1, status: "success", attempts: 1, confidence_before: 0.9 },
  ...{ risk_level: "LOW", task_type: "sql" },
  ...changes,
});

/** A folder with a state and outcomes in it; paths of both. */
function places(rows: readonly object[], state: object = EMPTY_STATE) {
  const text = learnedStateText(state as typeof EMPTY_STATE);
  const folder = writeScratch({ "state.json": text, "outcomes.jsonl": jsonLines(rows) });
  return { state: join(folder, "state.json"), outcomes: join(folder, "outcomes.jsonl"), folder };
}
const calibrate = ({ state, outcomes }: { state: string; outcomes: string }, ...words: string[]) =>
  runRecorded(["calibrate", "--state", state, "--outcomes", outcomes, ...words]);

describe("calibrate", () => {
  it("judges times beside chances", async () => {
    const verdictAt = async (ms: number): Promise<string | undefined> => {
      const rows = Array.from({ length: 40 }, (_, k) => task({ task_id: `t${k}`, execution_time_ms: ms }));
      const { stdout } = await calibrate(places(rows), "--format", "table");
      return /^times: [^]*? longer$/m.exec(stdout)?.[0].replace("\n", " ");
    };
    // Nothing was learned, so about 30 ms are predicted, with much doubt.
    expect(await verdictAt(1e6)).toMatch(/^times: not as predicted: 0 of 40 .* 0 shorter, 40 longer$/);
    expect(await verdictAt(30)).toMatch(/^times: they vary less than predicted: 40 of 40/);
  });

  it("predicts every attempt; with nothing learned, by the formula of the prior", async () => {
    const rows = [
      task(),
      task({ attempts: 3, status: "failed", confidence_before: 0.6 }),
      task({ agent_id: "b", attempts: 2, confidence_before: 0.5, risk_level: "MEDIUM", task_type: null }),
    ];
    const { stdout, exitCode } = await calibrate(places(rows));
    expect(exitCode).toBe(0);
    const report = reportOf(stdout);
    // .6 c + .34 − penalty, c falling by .05 an attempt.
    const errors = [
      [0.88, 1],
      [0.7, 0],
      [0.67, 0],
      [0.64, 0],
      [0.54, 0],
      [0.51, 1],
    ] as const;
    const brier = errors.reduce((sum, [p, y]) => sum + (p - y) ** 2, 0) / 6;
    const logLoss = -errors.reduce((sum, [p, y]) => sum + Math.log(y === 1 ? p : 1 - p), 0) / 6;
    expect(report).toMatchObject({ rows: 3, trials: 6, successes: 2, execution: "real", in_sample: false });
    expect(report.predictions.learned.brier_score).toBeCloseTo(brier, 12);
    expect(report.predictions.prior.brier_score).toBeCloseTo(brier, 12);
    expect(report.predictions.learned.log_loss).toBeCloseTo(logLoss, 12);
    expect(report.predictions.base_rate.brier_score).toBeCloseTo(2 / 9, 12);
    expect(report.brier_difference.prior.mean).toBeCloseTo(0, 12);
    expect(report.agents.map(({ agent_id, trials }) => [agent_id, trials])).toEqual([
      ["a", 4],
      ["b", 2],
    ]);
    expect(report.notes).toEqual([
      "the state has learned no real outcome, so its predictions are the prior's",
      "6 trials are few: differences may well be chance",
    ]);
  });

  it("takes a row of ours as one attempt at its own confidence, and a heuristic's boost into a task's", async () => {
    const own = {
      ...{ task_id: "t", agent_id: "a", wave: 1, attempt: 2, status: "completed", initial_confidence: 0.7 },
      ...{ execution_time_ms: 30, fault: null, execution: "real" },
    };
    const plan = { task_id: "t", wave: 1, risk_level: "MEDIUM", confidence: 0.72, priority: 1, task_type: "sql" };
    const boost = {
      ...{ heuristic_id: "H16_002", category: "confidence_elevation" },
      rule: {
        ...{ condition: { risk_level: "MEDIUM", confidence_range: [0.7, 0.75] } },
        ...{ action: "boost_confidence_by", amount: 0.05 },
      },
    };
    const rows = [
      own,
      { ...own, fault: "aborted", status: "failed" },
      { task_id: "t", agent_id: "a", status: "success" },
    ];
    const at = places(rows);
    mkdirSync(join(at.folder, "phase16"));
    writeFileSync(join(at.folder, "phase16/planned_tasks.jsonl"), jsonLines([plan]));
    writeFileSync(join(at.folder, "phase16/heuristics.jsonl"), jsonLines([boost]));
    const { stdout, stderr } = await calibrate(at, "--phase16", join(at.folder, "phase16"));
    const report = reportOf(stdout);
    const [first, second] = [0.6 * 0.7 + 0.24, 0.6 * 0.77 + 0.24];
    expect(report.predictions.learned.brier_score).toBeCloseTo(((1 - first) ** 2 + (1 - second) ** 2) / 2, 12);
    expect(report.skipped).toEqual([{ reason: "the attempt was cut off", rows: 1, examples: [`${at.outcomes}:2`] }]);
    expect(stderr).toContain(`phase19: ignored 1 row, such as ${at.outcomes}:2: the attempt was cut off`);
    // The default time is 30 ms, in the middle of its interval.
    expect(report.time_interval).toMatchObject({ count: 1, covered: 1, below: 0, above: 0 });
    expect(report.task_types.map(({ task_type: type }) => type)).toEqual(["sql"]);
  });

  it("says when it judges what was learned, and judges new rows alone where there are any", async () => {
    const root = copyFixture("demo");
    const state = join(dirname(root), "state.json");
    const learned = await runRecorded(["learn", "--state", state, "--phase18", join(root, "phase18")]);
    expect(learned.exitCode).toBe(0);
    const outcomes = join(root, "phase18");
    const known = reportOf((await calibrate({ state, outcomes })).stdout);
    expect(known).toMatchObject({ in_sample: true, rows: 180, skipped: [] });
    expect(known.notes[0]).toMatch(/has learned these very outcomes, so the figures flatter it/);
    expect(known.brier_difference.prior.mean).toBeLessThan(0);
    const { choices } = known;
    expect(choices).toMatchObject({ waves: 3, tasks: 180 });
    expect(choices!.learned.successes).toBeGreaterThan(choices!.heuristic!.successes);
    const table = (await calibrate({ state, outcomes }, "--format", "table")).stdout;
    const inOneLine = table.replaceAll("\n", " ");
    expect(inOneLine).toContain(`choices in 3 waves of 180 tasks, ${choices!.moved} of which the learned model would`);
    expect(inOneLine).toContain(` ${choices!.reason} `);
    const file = join(root, "phase18/wave_1/agent_0/task_outcomes.jsonl");
    writeFileSync(file, readFileSync(file, "utf8") + jsonLines([task({ status: "failed" })]));
    const grown = await calibrate({ state, outcomes });
    expect(reportOf(grown.stdout)).toMatchObject({ in_sample: false, rows: 1, trials: 1, successes: 0 });
    expect(reportOf(grown.stdout).skipped).toMatchObject([
      { rows: 180, reason: expect.stringMatching(/has learned it/) },
    ]);
  });

  it("knows the outcomes of a run the state has learned, and joins risk from the plans beside them", async () => {
    const root = copyFixture("sparse");
    await runRecorded(["run", "--outputs", root, "--solver", "greedy", "--now", "2026-01-03T00:00:00Z"]);
    const outcomes = join(root, "phase19");
    const { run_id: runId } = JSON.parse(readFileSync(join(outcomes, "phase19_summary.json"), "utf8")) as {
      run_id: string;
    };
    const simulated = reportOf((await calibrate({ ...places([]), outcomes })).stdout);
    expect(simulated).toMatchObject({ execution: "simulated", in_sample: false, skipped: [] });
    expect(simulated.notes.join()).toContain("the outcomes are simulated");
    const state = places([], { ...EMPTY_STATE, runs: [{ run_id: runId, outcomes: 1 }] }).state;
    expect(reportOf((await calibrate({ state, outcomes })).stdout).in_sample).toBe(true);
    // Somebody else's folder: nobody says that this run was learned.
    const moved = join(dirname(root), "elsewhere");
    cpSync(outcomes, moved, { recursive: true });
    rmSync(join(moved, "phase19_summary.json"));
    expect(reportOf((await calibrate({ state, outcomes: moved })).stdout).in_sample).toBe(false);
  });

  it("prints the same as a table", async () => {
    const rows = [...Array.from({ length: 120 }, (_, k) => task({ status: k % 5 === 0 ? "failed" : "success" }))];
    const { stdout, stderr } = await calibrate(places([...rows, task({ status: "running" })]), "--format", "table");
    expect(stderr).toEqual([]);
    expect(stdout).toBe(GOLDEN);
  });

  it("gives a caller who reads the standard output nothing but the result", async () => {
    const at = places([]);
    const words = ["calibrate", "--state", at.state, "--outcomes", "-"];
    const rows = jsonLines([task(), task({ agent_id: undefined })]);
    const good = await call(words, rows);
    expect([reportOf(good.stdout).trials, good.exitCode]).toEqual([1, 0]);
    expect(good.stderr).toContain("ignored 1 row, such as standard input:2: its agent is not known");
    const bad = await call(words, `${rows}{`);
    expect([bad.stdout, bad.exitCode]).toEqual(["", 2]);
    expect(bad.stderr).toMatch(/^phase19: standard input:3: is not JSON/);
    const state = await call(
      ["calibrate", "--state", "-", "--outcomes", places([task()]).outcomes],
      learnedStateText(EMPTY_STATE),
    );
    expect([reportOf(state.stdout).trials, state.exitCode]).toEqual([1, 0]);
  });
});

describe("what calibrate refuses in one line", () => {
  it.each<[string, readonly object[], RegExp]>([
    ["no outcome", [], /holds no outcome; give rows in the shape of Phase 18's/],
    [
      "no risk",
      [task({ risk_level: null })],
      /no row can be predicted: its risk is not known \(1, such as .*:1\); give agent_id/,
    ],
    ["nothing ended", [task({ status: "pending" })], /no row can be predicted: the task has not ended \(1/],
    ["a wrong word", [task({ status: "done" })], /outcomes\.jsonl:1: status: "done" is not one of/],
  ])("%s", async (_, rows, line) => {
    const { stdout, stderr, exitCode } = await calibrate(places(rows));
    expect([stdout, stderr.length, exitCode]).toEqual(["", 1, 2]);
    expect(stderr[0]).toMatch(line);
  });

  it.each<[string, string]>([
    ["--outcomes x", "phase19 calibrate: needs --state FILE"],
    ["--state x", "phase19 calibrate: needs --outcomes FILE or DIR"],
    ["--state - --outcomes -", "--outcomes: only one of the two inputs can be - (standard input)"],
    ["--state nowhere --outcomes x", "nowhere: does not exist; check the path"],
    [
      "--state x --outcomes x --phase16 nowhere",
      "--phase16: nowhere cannot be read: no such file or folder; check the path",
    ],
    ["--state x --outcome x", 'unknown option "--outcome"'],
  ])("%s", async (words, line) => {
    const { stdout, stderr, exitCode } = await runRecorded(["calibrate", ...words.split(" ")]);
    expect([stdout, stderr.length, exitCode]).toEqual(["", 1, 2]);
    expect(stderr[0]).toContain(line);
  });

  it("a folder without outcomes, and a foreign state", async () => {
    const at = places([task()]);
    const folder = writeScratch({ "a.txt": "" });
    expect((await calibrate({ ...at, outcomes: folder })).stderr[0]).toContain(
      "has no task_outcomes.jsonl or execution_outcomes.jsonl",
    );
    renameSync(at.outcomes, `${at.outcomes}.json`);
    expect((await calibrate({ state: `${at.outcomes}.json`, outcomes: at.state })).stderr[0]).toContain(
      "format: is missing",
    );
  });
});

/** Runs the built command as another program would. */
function call(
  words: readonly string[],
  input: string,
): Promise<{ stdout: string; stderr: string; exitCode: number | null }> {
  const child = spawn(process.execPath, [join(ROOT, "dist/src/faces/cli/main.js"), ...words]);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data) => (stdout += String(data)));
  child.stderr.on("data", (data) => (stderr += String(data)));
  child.stdin.end(input);
  return new Promise((settle) => child.on("close", (exitCode) => settle({ stdout, stderr, exitCode })));
}

/** .8 · .12² + .2 · .88² = .1664, and .8 · .2 for the constant. */
const GOLDEN = `calibration of 120 attempts in 120 rows, 96 successful; the state rests on 0 outcomes of 0 files and
0 runs
chances: learning made no clear difference to the prior: Brier score higher by 0.0000 ± 0.0000
times: none was measured
note: the state has learned no real outcome, so its predictions are the prior's

predictions          Brier  ± s.e.  if right  log loss  reliability  resolution  uncertainty     ECE
learned state       0.1664  0.0279    0.1056    0.5263       0.0064      0.0000       0.1600  0.0800
prior formula       0.1664  0.0279    0.1056    0.5263       0.0064      0.0000       0.1600  0.0800
constant base rate  0.1600  0.0220    0.1600    0.5004       0.0000      0.0000       0.1600  0.0000

reliability of the learned state
predicted     trials  mean  observed  from      to  inside
80 % to 90 %     120  88 %      80 %  72 %  86.2 %  no

choices: no wave had two agents, so nothing could have been chosen otherwise

agent  trials  successes  learned state  prior formula  constant base rate
a         120         96         0.1664         0.1664              0.1600

task type  trials  successes  learned state  prior formula  constant base rate
sql           120         96         0.1664         0.1664              0.1600

ignored: 1 row, the task has not ended
`;
