import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ROOT } from "../../source-files.js";
import { runRecorded } from "./recorded-environment.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "phase19-init-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("phase19 init", () => {
  it("writes an example whose wave and pipeline run, and says the next command", async () => {
    const first = join(folder, "first");
    const { stdout, exitCode } = await runRecorded(["init", first]);
    expect([exitCode, stdout.includes(`cd ${first} && npx phase19 solve --problem wave.json`)]).toEqual([0, true]);
    const plan = await runRecorded(["solve", "--problem", join(first, "wave.json"), "--strategy", "maximize_success"]);
    expect(JSON.parse(plan.stdout)).toMatchObject({ termination: "optimal" });
    const run = await runRecorded(["run", "--outputs", join(first, "outputs"), "--quiet"]);
    expect(JSON.parse(run.stdout)).toMatchObject({ tasks: { total: 3, completed: 3 } });
  });

  it("overwrites nothing", async () => {
    writeFileSync(join(folder, "wave.json"), "mine");
    const { stderr, exitCode } = await runRecorded(["init", folder]);
    expect([exitCode, stderr.join("")]).toEqual([2, expect.stringContaining("wave.json: is there already")]);
    expect(readFileSync(join(folder, "wave.json"), "utf8")).toBe("mine");
  });
});

describe("phase19 schema", () => {
  it("lists the names, and prints the schema that is shipped", async () => {
    const names = (await runRecorded(["schema", "list"])).stdout.trim().split("\n");
    expect(names).toEqual(expect.arrayContaining(["problem", "result", "learned_state"]));
    const { stdout } = await runRecorded(["schema", "problem"]);
    expect(stdout).toBe(readFileSync(`${ROOT}/schemas/problem.schema.json`, "utf8"));
    expect(JSON.parse(stdout)).toMatchObject({ $id: "urn:phase19-optimizer:schema:problem" });
  });

  it("names the nearest of a name that is none", async () => {
    const { stderr, exitCode } = await runRecorded(["schema", "problm"]);
    expect([exitCode, stderr.join("")]).toEqual([2, expect.stringContaining("problem")]);
  });
});
