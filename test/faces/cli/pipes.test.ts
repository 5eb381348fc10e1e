import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, cpSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const COMMAND = join(ROOT, "dist/src/faces/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "phase19-pipes-"));
afterAll(() => rmSync(folder, { recursive: true }));

const WAVE = `{"agents":[{"agent_id":"a"}],"tasks":[{"task_id":"t","risk_level":"LOW","confidence":0.9}]}`;

function makePipe(name: string): string {
  const file = join(folder, name);
  execFileSync("mkfifo", [file]);
  return file;
}

function start(words: readonly string[]) {
  const child = spawn(process.execPath, [COMMAND, ...words], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  return { child, ended: once(child, "exit"), output: text(child.stdout), notes: text(child.stderr) };
}

/** Opens a pipe for writing as soon as somebody reads it. */
async function openWhenRead(pipe: string): Promise<number> {
  for (;;) {
    try {
      return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
      await wait(50);
    }
  }
}

/** Ample time for commands that started before to wait for their input, on a machine as busy as this one is now. */
async function startTimeMs(): Promise<number> {
  const startedAtMs = performance.now();
  await start(["--version"]).ended;
  return Math.max(900, 2 * (performance.now() - startedAtMs));
}

const NOTE = "phase19: interrupted before there was a result\n";

describe.skipIf(process.platform === "win32")("a named pipe as input", () => {
  const silent = process.platform === "win32" ? "" : makePipe("silent");
  const outputs = join(folder, "outputs");
  cpSync(join(ROOT, "fixtures/demo"), outputs, { recursive: true });
  const phases = ["--phase18", join(outputs, "phase18"), "--phase16", join(outputs, "phase16")];
  const cases = [
    ["SIGTERM", ["verify", silent, "--problem", silent]],
    ["SIGINT", ["solve", "--strategy", "minimize_cost", "--problem", silent]],
    ["SIGHUP", ["solve", "--strategy", "minimize_cost", ...phases, "--wave", "1", "--tasks", silent]],
    ["SIGTERM", ["run", "--outputs", outputs, "--tasks", silent]],
    ["SIGTERM", ["run", "--outputs", outputs, "--state", silent]],
    ["SIGTERM", ["run", "--outputs", outputs, "--approve", silent]],
    ["SIGTERM", ["calibrate", "--state", silent, "--outcomes", silent]],
    ["SIGTERM", ["learn", "--state", silent]],
  ] as const;

  it("that nobody writes lets a signal end every command", { timeout: 60_000 }, async () => {
    const waiting = cases.map(([signal, words]) => ({ signal, words, ...start(words) }));
    await wait(await startTimeMs());
    const ends = waiting.map(async ({ signal, words, child, ended, notes }) => {
      child.kill(signal);
      const end = await Promise.race([ended, wait(5000, "still there", { ref: false })]);
      child.kill("SIGKILL");
      // Where the machine is busy, what is said of silent pipes stands before it.
      return [words[0], end, (await notes).split(/(?<=\n)/).at(-1)];
    });
    expect(await Promise.all(ends)).toEqual(cases.map(([, words]) => [words[0], [130, null], NOTE]));
  });

  it("is named on standard error while nobody writes it, unless nothing is to be said", async () => {
    const words = ["solve", "--strategy", "minimize_cost", "--problem", silent];
    const [told, quiet] = [start(words), start([...words, "--quiet"])];
    const [line] = (await once(told.child.stderr, "data")) as [Buffer];
    expect(line.toString()).toBe(
      `phase19: ${silent}: is a pipe into which nobody has written yet; waiting for its content, Ctrl-C ends\n`,
    );
    for (const { child } of [told, quiet]) child.kill("SIGTERM");
    expect(await quiet.notes).toBe(NOTE);
    await told.ended;
  });

  it("is read to its end, however slowly it is written", async () => {
    const pipe = makePipe("slow");
    const { ended, output } = start(["solve", "--strategy", "minimize_cost", "--problem", pipe]);
    const writer = await openWhenRead(pipe);
    for (const part of [WAVE.slice(0, 30), WAVE.slice(30)]) {
      writeSync(writer, part);
      await wait(300);
    }
    closeSync(writer);
    expect(await ended).toEqual([0, null]);
    expect(JSON.parse(await output)).toMatchObject({ agent_assignments: { a: ["t"] } });
  });

  it("is refused as a place for events while nobody reads it, and does not hold the program", async () => {
    const { ended, notes } = start([
      "run",
      "--outputs",
      "fixtures/demo",
      "--out",
      `${makePipe("x")}-out`,
      "--events",
      makePipe("deaf"),
    ]);
    expect(await Promise.race([ended, wait(20_000, "still there", { ref: false })])).toEqual([2, null]);
    expect(await notes).toContain("cannot be written: nobody reads from it; start the reader first");
  });
});
