import { execFile, execFileSync } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

function runExample(command: string, words: readonly string[]): Promise<Finished> {
  return new Promise((resolve) => {
    const env = { ...process.env, PHASE19: command };
    execFile("python3", ["examples/phase18_solve.py", ...words], { cwd: ROOT, env }, (error, stdout, stderr) =>
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
    const finished = await runExample(await answerWith(code, answer), []);
    expect(finished.code).toBe(code);
    expect(finished.stdout).toContain(stdout);
    expect(finished.stderr).toContain(stderr);
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

  it("hears from the real command what is wrong with an option", async () => {
    const { code, stdout, stderr } = await runExample("node dist/src/faces/cli/main.js", ["--stratgy", "mix"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain('did you mean "--strategy"?');
  });
});
