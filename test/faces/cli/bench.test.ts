import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createInterrupts } from "../../../src/faces/cli/interrupts.js";
import { agents, task } from "../../support/documents.js";
import { runRecorded } from "./recorded-environment.js";

interface Report {
  complete: boolean;
  suites: { suite: string; instances: number; proven: number; faults: string[] }[];
  instances: {
    name: string;
    best_known: number | null;
    ours: { value: number; bound: number; proven: boolean };
    runs: { seed: number }[];
    best_baseline: { name: string; value: number };
  }[];
}

const clock = { clock: () => performance.now() };
const TINY = ["bench", "--suite", "gap", "--only", "gen-g-5x15", "--time-limit", "1s", "--seeds", "1,2"];

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "phase19-bench-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("bench", () => {
  it("prints ours, the bound and the best heuristic of each instance as JSON, progress apart", async () => {
    const file = join(folder, "report.json");
    const { stdout, stderr, exitCode } = await runRecorded([...TINY, "--out", file], clock);
    expect(exitCode).toBe(0);
    const report = JSON.parse(stdout) as Report;
    expect(report).toEqual(JSON.parse(await readFile(file, "utf8")));
    const [{ ours, best_baseline, runs, best_known }] = report.instances as [Report["instances"][number]];
    expect(ours).toMatchObject({ bound: ours.value, proven: true });
    expect(best_baseline.value).toBeGreaterThan(ours.value);
    expect([runs.map(({ seed }) => seed), best_known, report.complete]).toEqual([[1, 2], null, true]);
    expect(report.suites).toMatchObject([{ suite: "gap", instances: 1, proven: 1, faults: [] }]);
    expect(stderr).toHaveLength(1);
    expect(stderr[0]).toContain("1 of 1: gap/gen-g-5x15: phase19");
  });

  it("prints one row per instance and one per suite as a table", async () => {
    const { stdout, exitCode } = await runRecorded([...TINY, "--format", "table"], clock);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^gap\/gen-g-5x15 +– +(\d+) +\1 +0 % +yes /m);
    expect(stdout).toMatch(/^gap +1 +1 +1 /m);
  });

  it("compares every strategy and heuristic on a wave of one's own, in every form", { timeout: 30_000 }, async () => {
    const file = join(folder, "wave.json");
    const wave = { agents: agents({}, {}), tasks: [task("t0", "ab", 100), task("t1", "ab", 50)], options: {} };
    await writeFile(file, JSON.stringify(wave));
    const words = ["bench", "--problem", file, "--time-limit", "1s"];
    const { stdout, stderr, exitCode } = await runRecorded(words, clock);
    expect(exitCode).toBe(0);
    const { plans } = JSON.parse(stdout) as { plans: { kind: string }[] };
    expect(new Set(plans.map(({ kind }) => kind))).toEqual(new Set(["strategy", "baseline"]));
    expect(stderr[0]).toMatch(/1 of 7: maximize_success: optimal, .*, about \d+ s left$/);
    expect((await runRecorded([...words, "--format", "csv"], clock)).stdout).toMatch(/^plan,outcome,gap,success/);
    const refused = await runRecorded(["bench", "--suite", "gap", "--format", "csv"], clock);
    expect(refused).toMatchObject({ exitCode: 2, stderr: [expect.stringContaining("csv goes with --problem")] });
    expect(await runRecorded([...words, "--suite", "gap"], clock)).toMatchObject({ exitCode: 2 });
  });

  it("prints what is done when interrupted, and says that it is not all", async () => {
    const interrupts = createInterrupts({ exitNow: () => undefined, tell: () => undefined });
    const writeError = (line: string): void => {
      if (line.includes("1 of ")) interrupts.raise();
    };
    const words = ["bench", "--suite", "gap", "--only", "gen-g-", "--time-limit", "1s", "--seeds", "1"];
    const { stdout, exitCode } = await runRecorded(words, { ...clock, writeError, abortable: interrupts.abortable });
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ complete: false, instances: [{ name: "gen-g-5x15" }] });
  });

  it.each([
    [["--suite", "gapp"], 'one of gap, rcmax, pcmax, waves, dags, deadlines, fjsp, scale; did you mean "gap"?'],
    [
      ["--only", "no such"],
      '--only: no instance of gap, rcmax, pcmax, waves, dags, deadlines, fjsp, scale has "no such" in its name',
    ],
    [["--seeds", "1,x"], '--seeds: "x" is not a whole number'],
    [["--time-limit", "10"], '--time-limit: "10" is not a duration'],
    [["--out", "nowhere/report.json"], "--out: nowhere/report.json cannot be written"],
  ])("refuses %j in one line", async (words, message) => {
    const { stdout, stderr, exitCode } = await runRecorded(["bench", ...words]);
    expect([stdout, exitCode, stderr.length]).toEqual(["", 2, 1]);
    expect(stderr[0]).toContain(message);
  });
});
