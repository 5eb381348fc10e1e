import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createInterrupts } from "../../../src/faces/cli/interrupts.js";
import { ModelError } from "../../../src/domain/errors.js";
import { runRecorded } from "./recorded-environment.js";
import { answers, calls, problem, readJsonFile, report, reset, result } from "./stand-ins.js";

vi.mock("../../../src/planner/index.js", async (importOriginal) => ({
  ...(await importOriginal<object>()),
  ...(await import("./stand-ins.js")).planner,
}));
vi.mock("../../../src/pipeline/index.js", async (importOriginal) => ({
  ...(await importOriginal<object>()),
  ...(await import("./stand-ins.js")).pipeline,
}));
vi.mock("../../../src/domain/schemas/index.js", async (importOriginal) => ({
  ...(await importOriginal<object>()),
  ...(await import("./stand-ins.js")).schemas,
}));
vi.mock("../../../src/engine/exact/registry.js", () => ({ prewarm: () => undefined }));

let folder = "";
beforeEach(async () => {
  reset();
  folder = await mkdtemp(join(tmpdir(), "phase19-cli-"));
});
afterEach(() => rm(folder, { recursive: true }));

const SOLVE = ["solve", "--strategy", "maximize_success", "--problem", "wave.json"];

describe("solve", () => {
  it("prints the result as JSON and nothing else when piped", async () => {
    const { stdout, stderr, exitCode } = await runRecorded(SOLVE);
    expect(JSON.parse(stdout)).toEqual(result);
    expect(stdout).toBe(`${JSON.stringify(result, null, 2)}\n`);
    expect([stderr, exitCode]).toEqual([[], 0]);
  });

  it("prints a table on a terminal, JSON there on request", async () => {
    const onTerminal = { isTerminal: true };
    expect((await runRecorded(SOLVE, onTerminal)).stdout).toContain("optimal, proven by search");
    expect(JSON.parse((await runRecorded([...SOLVE, "--format", "json"], onTerminal)).stdout)).toEqual(result);
  });

  it("colours only a terminal that allows it", async () => {
    const table = [...SOLVE, "--format", "table"];
    const escape = "\u001b[";
    expect((await runRecorded(table)).stdout).not.toContain(escape);
    expect((await runRecorded(table, { isTerminal: true })).stdout).toContain(escape);
    expect((await runRecorded(table, { isTerminal: true, allowsColor: false })).stdout).not.toContain(escape);
    expect((await runRecorded([...table, "--no-color"], { isTerminal: true })).stdout).not.toContain(escape);
  });

  it.each([
    ["optimal", 0],
    ["feasible", 0],
    ["infeasible", 3],
    ["no_solution", 4],
    ["error", 1],
  ] as const)("ends a search that is %s with exit code %i, and still prints the result", async (termination, code) => {
    answers.solve = () => Promise.resolve({ ...result, termination });
    const { stdout, exitCode } = await runRecorded(SOLVE);
    expect([exitCode, JSON.parse(stdout)]).toEqual([code, { ...result, termination }]);
  });

  it("passes on the options given, and only those", async () => {
    answers.problem = { ...problem, options: { strategy: "mix", seed: 7, gap: 0.5 } };
    const options = ["--gap", "0.01", "--time-limit", "250ms", "--no-defer", "--load-limit", "none"];
    await runRecorded(["solve", "--problem", "wave.json", ...options]);
    const loadLimit = { kind: "none" };
    expect(calls.options).toEqual({ strategy: "mix", seed: 7, gap: 0.01, timeLimitMs: 250, noDefer: true, loadLimit });
  });

  it("asks for a strategy where neither side names one", async () => {
    const { stdout, stderr, exitCode } = await runRecorded(["solve", "--problem", "wave.json"]);
    expect([stdout, exitCode, stderr.length]).toEqual(["", 2, 1]);
    expect(stderr[0]).toContain("needs --strategy, one of maximize_success,");
  });

  it("says where weights have no effect", async () => {
    const { stderr } = await runRecorded([...SOLVE, "--weights", "success=1"]);
    expect(stderr).toEqual(["phase19: --weights: used by mix and adaptive only, maximize_success takes no notice"]);
  });

  it("takes Phase 16's plan from beside Phase 18 where no task file is named", async () => {
    const common = ["solve", "--strategy", "balance_load", "--phase18", "fixtures/demo/phase18"];
    await runRecorded(common);
    expect(calls.phases).toEqual({
      phase18Dir: "fixtures/demo/phase18",
      phase16Dir: "fixtures/demo/phase16",
      priorityOrder: "ascending",
    });
    await runRecorded([
      ...common,
      "--tasks",
      "t.jsonl",
      "--priority-order",
      "descending",
      "--wave",
      "0",
      "--agents",
      "a, b",
    ]);
    expect(calls.phases).toEqual({
      agents: ["a", "b"],
      phase18Dir: "fixtures/demo/phase18",
      tasksFile: "t.jsonl",
      priorityOrder: "descending",
    });
    expect(calls.waveOptions).toEqual({ wave: 0, agents: ["a", "b"] });
  });

  it.each(["--phase16", "--phase17", "--phase18"])("refuses a folder that is not there: %s", async (option) => {
    const rest = option === "--phase18" ? [] : ["--phase18", "fixtures/demo/phase18"];
    const words = ["solve", "--strategy", "mix", ...rest, option, "nope"];
    const { stderr, exitCode } = await runRecorded(words);
    expect([stderr, exitCode]).toEqual([
      [`phase19: ${option}: nope cannot be read: no such file or folder; check the path`],
      2,
    ]);
  });

  it("names skipped lines always, absent files with --verbose, nothing with --quiet", async () => {
    const phases = ["solve", "--strategy", "mix", "--phase18", "fixtures/demo/phase18"];
    const skipped = "phase19: skipped outcomes.jsonl:3: is not JSON";
    expect((await runRecorded(phases)).stderr).toEqual([skipped]);
    expect((await runRecorded([...phases, "--quiet"])).stderr).toEqual([]);
    const verbose = (await runRecorded([...phases, "--verbose"])).stderr;
    expect(verbose.slice(0, 7)).toEqual([
      skipped,
      "phase19: absent: phase17 (not given)",
      "phase19: tasks.jsonl: fields not known here: colour (2)",
      "phase19: 2 signals were read and not used",
      "phase19: *    0.004  greedy                              1.6            –        –",
      expect.stringMatching(/^phase19: optimal, proven by /),
      expect.stringMatching(/^phase19: value .*, bound .*, gap /),
    ]);
    expect(verbose[7]).toBe("phase19: 0.000 s, 1 units of work, 1 thread, reproducible");
    expect(verbose[8]).toMatch(/^phase19: timings: load 0 ms, read 0 ms, predict 0 ms, solve 0 ms$/);
  });

  it("fixes the clock with --now", async () => {
    await runRecorded([...SOLVE, "--now", "2026-01-31T09:30:00+01:00"]);
    expect([calls.context?.fixedNow, calls.context?.now()]).toEqual([true, Date.UTC(2026, 0, 31, 8, 30)]);
    await runRecorded(SOLVE);
    expect(calls.context?.fixedNow).toBe(false);
  });

  it("writes the result and the full problem whole, and nothing beside them", async () => {
    const [out, saved] = [join(folder, "result.json"), join(folder, "problem.json")];
    const { stdout } = await runRecorded([...SOLVE, "--out", out, "--save-problem", saved]);
    expect(await readJsonFile(out)).toEqual(JSON.parse(stdout));
    expect(await readJsonFile(saved)).toEqual({ saved: "maximize_success", tasks: [] });
    expect((await readdir(folder)).sort()).toEqual(["problem.json", "result.json"]);
  });

  it("writes nothing where the input is wrong", async () => {
    const words = ["solve", "--strategy", "mix", "--problem", "missing.json", "--out", join(folder, "r.json")];
    const { stdout, stderr, exitCode } = await runRecorded(words);
    expect([stdout, stderr, exitCode]).toEqual(["", ["phase19: missing.json: does not exist"], 2]);
    expect(await readdir(folder)).toEqual([]);
  });

  it("still prints a plan whose file can no longer be written", async () => {
    const out = join(folder, "sub", "r.json");
    await writeFile(join(folder, "problem.json"), "");
    answers.solve = async () => {
      await rm(folder, { recursive: true });
      return result;
    };
    await mkdir(join(folder, "sub"));
    const { stdout, stderr, exitCode } = await runRecorded([...SOLVE, "--out", out]);
    await mkdir(folder);
    expect([JSON.parse(stdout), exitCode]).toEqual([result, 2]);
    expect(stderr).toEqual([`phase19: --out: ${out} cannot be written: no such file or folder; give another path`]);
  });

  it("starts the clock of the time limit before it reads", async () => {
    let ticks = 0;
    let startMs: number | undefined;
    answers.solve = (context) => {
      startMs = context.startMs;
      return Promise.resolve(result);
    };
    await runRecorded(SOLVE, { clock: () => ticks++ });
    expect(startMs).toBe(0);
  });

  it("hands over the best plan so far on an interrupt, with exit code 130", async () => {
    const { raise, abortable } = createInterrupts({ exitNow: () => undefined, tell: () => undefined });
    answers.solve = ({ signal }) => {
      raise();
      return Promise.resolve({ ...result, termination: "feasible", limit: signal!.aborted ? "abort" : null });
    };
    const { stdout, stderr, exitCode } = await runRecorded(SOLVE, { abortable });
    expect([exitCode, (JSON.parse(stdout) as typeof result).limit]).toEqual([130, "abort"]);
    expect(stderr.join()).toContain("interrupted");
  });

  it("reports a bug in one line, with the stack only where asked for", async () => {
    answers.solve = () => Promise.reject(new ModelError("row 3 is\nempty"));
    const short = await runRecorded([...SOLVE, "--quiet"]);
    expect([short.stdout, short.exitCode]).toEqual(["", 1]);
    expect(short.stderr).toEqual(["phase19: a bug of ours: row 3 is\\nempty; --verbose shows where"]);
    expect((await runRecorded([...SOLVE, "--verbose"])).stderr.at(-1)).toMatch(/\n\s+at /);
  });
});

describe("verify", () => {
  it.each([
    ["proved_optimal", 0],
    ["within", 0],
    ["valid", 0],
    ["invalid", 5],
  ] as const)("ends the verdict %s with exit code %i", async (verdict, code) => {
    const file = join(folder, "result.json");
    await writeFile(file, JSON.stringify(result));
    answers.report = { ...report, verdict };
    const { stdout, exitCode } = await runRecorded(["verify", file, "--problem", "wave.json"]);
    expect([exitCode, JSON.parse(stdout)]).toEqual([code, { ...report, verdict }]);
  });

  it("prints its checks as a table", async () => {
    const file = join(folder, "result.json");
    await writeFile(file, JSON.stringify(result));
    answers.report = { ...report, checks: [{ name: "capacity", passed: false, detail: "agent_0 has 90 ms of 80" }] };
    const { stdout } = await runRecorded(["verify", file, "--problem", "wave.json", "--format", "table"]);
    expect(stdout).toMatch(/^proved optimal\n/);
    expect(stdout).toContain("capacity  WRONG  agent_0 has 90 ms of 80\n");
  });

  it.each([
    ["", "is empty; give a JSON document"],
    ["{", "is not JSON: "],
  ])("refuses a result that is %j", async (content, rule) => {
    const file = join(folder, "result.json");
    await writeFile(file, content);
    const { stdout, stderr, exitCode } = await runRecorded(["verify", file, "--problem", "wave.json"]);
    expect([stdout, exitCode, stderr.length]).toEqual(["", 2, 1]);
    expect(stderr[0]).toContain(`${file}: ${rule}`);
  });

  it("asks for the saved document where history cannot be rebuilt", async () => {
    const file = join(folder, "result.json");
    await writeFile(file, JSON.stringify(result));
    const task = { taskId: "t1", estimates: { agent_0: { successProbability: 0.5 } } };
    answers.problem = { ...problem, usesHistory: true, tasks: [task as unknown as (typeof problem.tasks)[number]] };
    const { stderr, exitCode } = await runRecorded(["verify", file, "--problem", "wave.json"]);
    expect([exitCode, stderr.length]).toEqual([2, 1]);
    expect(stderr[0]).toContain("--save-problem");
  });
});

describe("show-model", () => {
  it("prints the program's text", async () => {
    const { stdout, exitCode } = await runRecorded(["show-model", "--strategy", "mix", "--problem", "wave.json"]);
    expect([stdout, exitCode]).toEqual(["\\ mix\nEnd\n", 0]);
  });

  it("takes the strategy of the document where none is given", async () => {
    answers.problem = { ...problem, options: { strategy: "balance_load" } };
    expect((await runRecorded(["show-model", "--problem", "wave.json"])).stdout).toContain("balance_load");
    reset();
    expect((await runRecorded(["show-model", "--problem", "wave.json"])).exitCode).toBe(2);
  });
});
