import { execFile, execFileSync } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { result } from "./faces/cli/stand-ins.js";
import { IS_LINKED } from "./linked.js";
import { ROOT } from "./source-files.js";

function hasPython(): boolean {
  try {
    execFileSync("python3", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "phase19-python-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param command what the variable PHASE19 names; null: nothing */
function runExample(command: string | null, words: readonly string[], cwd = ROOT): Promise<Finished> {
  return new Promise((resolve) => {
    const env = { ...process.env, PHASE19: command ?? undefined };
    execFile("python3", [join(ROOT, "examples/phase18_solve.py"), ...words], { cwd, env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

/** A command that answers every call with this output and exit code. */
async function answerWith(code: number, answer: unknown): Promise<string> {
  const path = join(folder, `answer-${code}`);
  const text = answer === null ? "" : JSON.stringify(answer);
  await writeFile(path, `#!/bin/sh\ncat <<'END'\n${text}\nEND\nexit ${code}\n`);
  if (answer === null) await writeFile(path, `#!/bin/sh\necho "phase19: --gap: wrong" >&2\nexit ${code}\n`);
  await chmod(path, 0o755);
  return path;
}

const conflict = { tasks: [], agents: [], limits: [], explanation: "t1 is too long", verified: true, minimal: true };
const ANSWERS: readonly (readonly [number, unknown, string, string])[] = [
  [0, result, "maximize_success: proven optimal\nagent_0: t2, t1\nagent_1: idle\ndeferred: t3", ""],
  [2, null, "", "phase19: --gap: wrong\nThe input or an option is wrong"],
  [3, { ...result, termination: "infeasible", conflict }, "", "No plan can keep every limit: t1 is too long"],
  [4, { ...result, termination: "no_solution", limit: "time" }, "", "before the time limit"],
  [130, result, "agent_0: t2, t1", "Interrupted."],
];

describe.skipIf(!hasPython())("the Python example", () => {
  it.each(ANSWERS)("understands exit code %i", async (code, answer, stdout, stderr) => {
    const finished = await runExample(await answerWith(code, answer), ["--strategy", "mix"]);
    expect(finished.code).toBe(code);
    expect(finished.stdout).toContain(stdout);
    expect(finished.stderr).toContain(stderr);
  });

  it("finds the command of a built checkout above it, and takes no other project's build for one", async () => {
    const checkout = join(folder, "checkout");
    const built = join(checkout, "dist/src/faces/cli/main.js");
    await mkdir(join(checkout, "first"), { recursive: true });
    await mkdir(dirname(built), { recursive: true });
    await writeFile(built, `console.log(${JSON.stringify(JSON.stringify(result))})`);
    const call = async (name: string): Promise<Finished> => {
      await writeFile(join(checkout, "package.json"), JSON.stringify({ name }));
      return runExample(null, ["--strategy", "mix"], join(checkout, "first"));
    };
    expect((await call("phase19-optimizer")).stdout).toContain("maximize_success: proven optimal");
    expect((await call("another")).stdout).toBe("");
  });

  it.skipIf(!IS_LINKED)("plans the bundled wave", async () => {
    const demo = "fixtures/demo";
    const words = [
      "--strategy",
      "maximize_success",
      "--phase18",
      `${demo}/phase18`,
      "--phase16",
      `${demo}/phase16`,
      "--wave",
      "1",
    ];
    const { code, stdout } = await runExample("node dist/src/faces/cli/main.js", words);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^maximize_success: .+\nagent_\S+: /)]);
  });

  it.skipIf(!IS_LINKED)(
    "goes through every wave of a task file: plans, runs, evaluates, plans from what was learned",
    async () => {
      const outputs = join(folder, "outputs");
      await cp("fixtures/demo", outputs, { recursive: true });
      const words = ["--loop", outputs, "--strategy", "maximize_success", "--solver", "greedy", "--gate", "off"];
      const { code, stdout, stderr } = await runExample("node dist/src/faces/cli/main.js", words);
      expect([code, stderr]).toEqual([0, expect.not.stringContaining("Traceback")]);
      const summary = JSON.parse(await readFile(join(outputs, "phase19/summary.json"), "utf8")) as {
        tasks: { total: number; completed: number };
        waves: { wave: number }[];
      };
      expect(summary.waves.map(({ wave }) => stdout.includes(`wave ${wave}\n`))).not.toContain(false);
      expect(summary.waves.length).toBeGreaterThan(1);
      expect(stdout.trimEnd()).toMatch(
        new RegExp(
          `so far ${summary.tasks.completed} of ${summary.tasks.total} tasks completed\nreport: .*/phase19/PHASE_19_AUTONOMOUS_OPTIMIZATION\.html$`,
        ),
      );
      const state = JSON.parse(await readFile(join(outputs, "learned_state.json"), "utf8")) as {
        real: { outcomes: number };
      };
      expect(state.real.outcomes).toBe(summary.tasks.completed);
    },
    120_000,
  );

  it.each([
    ["phase19-is-not-here", "phase19-is-not-here is not there: install phase19-optimizer"],
    ["echo", "echo answered something else than JSON; is it phase19?"],
  ])("says in one line that %s is no command of ours", async (command, line) => {
    const { code, stdout, stderr } = await runExample(command, ["--strategy", "mix"]);
    expect([code, stdout, stderr.trim().split("\n").length]).toEqual([1, "", 1]);
    expect(stderr).toContain(line);
  });

  it("prints its help with the exit codes, and refuses a call without its folder", async () => {
    const { code, stdout, stderr } = await runExample("phase19-is-not-here", ["--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/--loop outputs[^]+Exit codes are those of phase19: 0 done/);
    expect((await runExample("phase19-is-not-here", ["--loop"])).code).toBe(2);
    expect((await runExample("phase19-is-not-here", ["--loop", folder])).code).toBe(2);
  });

  it("hears from the real command what is wrong with an option", async () => {
    const { code, stdout, stderr } = await runExample("node dist/src/faces/cli/main.js", ["--stratgy", "mix"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain('did you mean "--strategy"?');
  });
});
