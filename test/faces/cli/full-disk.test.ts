import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { replaceFile } from "../../../src/faces/cli/replace-file.js";

const COMMAND = fileURLToPath(new URL("../../../dist/src/faces/cli/main.js", import.meta.url));
const WAVE = `{"agents":[{"agent_id":"a"}],"tasks":[{"task_id":"t","risk_level":"LOW","confidence":0.9}]}`;
const SOLVE = "solve --problem wave.json --strategy minimize_cost --save-problem full.json";
/** What such files begin with. */
const [OLD_RESULT, OLD_COMPARISON, OLD_PROBLEM] = [
  '{"strategy":"mix","termination":"optimal","objective":{},"agent_assignments":{}}',
  '{"problem_sha256":"0","goals":[],"plans":[]}',
  '{"agents":[],"tasks":[]}',
];

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "phase19-full-"));
  writeFileSync(join(folder, "wave.json"), WAVE);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a command; with `full` no file may have more than 512 bytes: the system takes those, as a full disk would, and refuses the rest. */
function shell(words: string, { full = false } = {}) {
  const script = `${full ? "trap '' XFSZ; ulimit -f 1; " : ""}"$0" "$1" ${words}`;
  return spawnSync("sh", ["-c", script, process.execPath, COMMAND], { cwd: folder, encoding: "utf8" });
}

const read = (name: string): string => readFileSync(join(folder, name), "utf8");

describe.skipIf(process.platform === "win32")("a disk that takes a part of a file only", () => {
  const refusal = /^phase19: --\S+: \S+ cannot be written: no file may grow so large here .*; give another path$/m;

  it("leaves the result before in place, and the plan is printed", () => {
    writeFileSync(join(folder, "r.json"), OLD_RESULT);
    const { stdout, stderr, status } = shell("solve --problem wave.json --strategy minimize_cost --out r.json", {
      full: true,
    });
    expect(JSON.parse(stdout)).toMatchObject({ termination: "optimal" });
    expect(stderr).toMatch(refusal);
    expect(status).toBe(2);
    expect(read("r.json")).toBe(OLD_RESULT);
    expect(readdirSync(folder).sort()).toEqual(["r.json", "wave.json"]);
  });

  it("costs no new plan and no comparison: both are printed", { timeout: 60_000 }, () => {
    shell(`${SOLVE} --out plan.json`);
    writeFileSync(join(folder, "events.jsonl"), '{"at_ms":0,"event":"started","task_id":"t"}\n');
    writeFileSync(join(folder, "c.json"), OLD_COMPARISON);
    writeFileSync(join(folder, "rest.json"), OLD_PROBLEM);
    const again = "replan plan.json --problem full.json --events events.jsonl --out next.json --save-problem rest.json";
    const cases = [again, "compare --problem wave.json --strategies minimize_cost --out c.json"];
    for (const words of cases) {
      const { stdout, stderr, status } = shell(words, { full: true });
      expect(Object.keys(JSON.parse(stdout) as object)).toContain("problem_sha256");
      expect(stderr).toMatch(refusal);
      expect(status).toBe(2);
    }
    expect([read("c.json"), read("rest.json")]).toEqual([OLD_COMPARISON, OLD_PROBLEM]);
    expect(readdirSync(folder)).not.toContain("next.json");
  });

  it("is told where standard output leads to it", () => {
    const { stderr, status } = shell("solve --problem wave.json --strategy minimize_cost > r.json", { full: true });
    expect(stderr).toBe("phase19: standard output cannot be written: no file may grow so large here (see ulimit -f)\n");
    expect(status).toBe(2);
  });
});

describe("what is beside a file that is replaced", () => {
  const orphan = "r.json.0123456789abcdef.tmp";
  const others = ["r.json.fedcba9876543210.tmp", "r.json.bak.tmp", "other.json.0123456789abcdef.tmp", "r.json.tmp"];

  it("is removed where a killed writer left it, and nothing else", async () => {
    for (const name of [orphan, ...others]) writeFileSync(join(folder, name), "half");
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const name of [orphan, ...others.slice(1)]) utimesSync(join(folder, name), longAgo, longAgo);
    await replaceFile(join(folder, "r.json"), "new");
    expect(readdirSync(folder).sort()).toEqual([...others, "r.json", "wave.json"].sort());
  });

  it.skipIf(process.platform === "win32")("leaves the permissions as they are", async () => {
    writeFileSync(join(folder, "r.json"), "old", { mode: 0o640 });
    await replaceFile(join(folder, "r.json"), "new");
    expect([read("r.json"), statSync(join(folder, "r.json")).mode & 0o777]).toEqual(["new", 0o640]);
  });
});
