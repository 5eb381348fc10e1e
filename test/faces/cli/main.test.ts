import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const DIST = fileURLToPath(new URL("../../../dist/src/faces/cli/", import.meta.url));
const run = promisify(execFile);

describe("the process", () => {
  it("prints help, and an error on standard error with exit code 2", async () => {
    expect((await run(process.execPath, [`${DIST}main.js`, "--help"])).stdout).toContain("Usage: phase19");
    await expect(run(process.execPath, [`${DIST}main.js`, "solv"])).rejects.toMatchObject({ code: 2, stdout: "" });
  });

  it("gives a slow reader everything before it exits", async () => {
    const numBytes = 3_000_000;
    const source = new URL("../../../src/faces/cli/write-fully.ts", import.meta.url).href;
    const script = `import { writeFully } from ${JSON.stringify(source)};
      await writeFully(process.stdout, "x".repeat(${numBytes})); process.exit(0);`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script]);
    await wait(200);
    expect((await text(child.stdout)).length).toBe(numBytes);
  });

  it("leaves quietly where the reader has left", async () => {
    const child = spawn(process.execPath, [`${DIST}main.js`, "--help"]);
    child.stdout.destroy();
    const notes = text(child.stderr);
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(await notes).toBe("");
  });

  it.skipIf(!existsSync("/dev/full"))("does not call it a success where the output could not be written", async () => {
    const command = `"$0" "$1" --help > /dev/full`;
    await expect(run("sh", ["-c", command, process.execPath, `${DIST}main.js`])).rejects.toMatchObject({
      code: 2,
      stderr: "phase19: standard output cannot be written: no space left\n",
    });
  });

  it("writes the files it is asked for", async () => {
    const folder = mkdtempSync(join(tmpdir(), "phase19-main-"));
    const [problem, out, full] = ["wave.json", "result.json", "full.json"].map((name) => join(folder, name));
    writeFileSync(
      problem!,
      `{"agents":[{"agent_id":"a"}],"tasks":[{"task_id":"t","risk_level":"LOW","confidence":0.9}]}`,
    );
    const files = ["--problem", problem!, "--out", out!, "--save-problem", full!];
    const { stdout } = await run(process.execPath, [
      `${DIST}main.js`,
      "solve",
      "--strategy",
      "minimize_cost",
      ...files,
    ]);
    expect(readFileSync(out!, "utf8")).toBe(stdout);
    const verified = await run(process.execPath, [`${DIST}main.js`, "verify", out!, "--problem", full!]);
    expect(JSON.parse(verified.stdout)).toMatchObject({ verdict: "proved_optimal" });
    rmSync(folder, { recursive: true });
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("ends with exit code 130 on %s while it waits", async (signal) => {
    const child = spawn(process.execPath, [`${DIST}main.js`, "verify", "-", "--problem", "wave.json"]);
    // Taken in by the process, so it listens.
    await new Promise((resolve) => child.stdin.write(" ".repeat(300_000), resolve));
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([130, null]);
  });
});
