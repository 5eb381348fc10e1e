import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runRecorded } from "./recorded-environment.js";

const DEMO = fileURLToPath(new URL("../../../fixtures/demo/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "phase19-wrong-"));
const [problem, result, outputs] = ["p.json", "r.json", "outputs"].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
const at = (...parts: string[]): string => join(outputs, ...parts);
const solve = ["solve", "--strategy", "minimize_cost"];

beforeAll(async () => {
  cpSync(DEMO, outputs, { recursive: true });
  writeFileSync(problem, `{"agents":[{"agent_id":"a"}],"tasks":[{"task_id":"t","risk_level":"LOW","confidence":0.9}]}`);
  const { exitCode } = await runRecorded([...solve, "--problem", problem, "--out", result]);
  expect(exitCode).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function refusalOf(words: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await runRecorded(words);
  expect([stdout, exitCode, stderr.length]).toEqual(["", 2, 1]);
  return stderr[0]!;
}

describe("a wrong file is recognised", () => {
  it.each([
    ["a result", () => result, "is a result of solve, not a problem; give the problem it was made from"],
    ["rows of tasks", () => at("phase16/planned_tasks.jsonl"), "is a JSONL file, with one JSON object per line"],
    ["Phase 18's summary", () => at("phase18/multi_agent_summary.json"), "is Phase 18's summary, not a problem"],
    ["the folder of Phase 18", () => at("phase18"), "is the folder of Phase 18; give it with --phase18 instead"],
    ["the folder of Phase 16", () => at("phase16"), "is the folder of Phase 16; give it with --phase18 DIR"],
    ["the folder above the phases", () => outputs, "holds the folders of the phases; give its phase18 with --phase18"],
  ])("%s in the place of a problem", async (_, file, what) => {
    expect(await refusalOf([...solve, "--problem", file()])).toContain(`phase19: ${file()}: ${what}`);
    expect(await refusalOf(["show-model", "--strategy", "mix", "--problem", file()])).toContain(what);
  });

  it("one row of tasks, and a learned state, in the place of a problem", async () => {
    const [row, state] = [join(folder, "row.jsonl"), join(folder, "state.json")];
    writeFileSync(row, readFileSync(at("phase16/planned_tasks.jsonl"), "utf8").split("\n", 1)[0]!);
    await runRecorded(["learn", "--state", state, "--phase18", at("phase18")]);
    expect(await refusalOf([...solve, "--problem", row])).toContain("is a row of tasks, not a problem");
    expect(await refusalOf([...solve, "--problem", state])).toContain("is a learned state, not a problem");
  });

  it("a document of a run, and a comparison, in the place of a problem", async () => {
    const [summary, comparison] = [join(folder, "summary.json"), join(folder, "comparison.json")];
    writeFileSync(summary, JSON.stringify({ phase: 19, run_id: "1", tasks: { total: 1 } }));
    writeFileSync(comparison, JSON.stringify({ plans: [], goals: [] }));
    expect(await refusalOf([...solve, "--problem", summary])).toContain("is a document of a run, not a problem");
    expect(await refusalOf([...solve, "--problem", comparison])).toContain(
      "is a comparison of strategies, not a problem",
    );
    const named = `phase19: ${comparison}: is a comparison of strategies, not a result`;
    expect(await refusalOf(["verify", comparison, "--problem", problem])).toContain(named);
  });

  it.each([["verify", "--problem"] as const, ["evaluate", "--outcomes"] as const])(
    "a problem in the place of a result of %s",
    async (command, option) => {
      const text = await refusalOf([command, problem, option, problem]);
      expect(text).toBe(`phase19: ${problem}: is a problem, not a result; give what solve printed or wrote to --out`);
    },
  );

  it("standard input, where it is not read or was read before", async () => {
    const elsewhere = "is standard input elsewhere, but is not read here; give a file";
    expect(await refusalOf([...solve, "--problem", problem, "--state", "-"])).toBe(`phase19: -: ${elsewhere}`);
    expect(await refusalOf([...solve, "--phase18", at("phase18"), "--wave", "1", "--tasks", "-"])).toContain(elsewhere);
    const twice = "only one of the inputs can be - (standard input)";
    expect(await refusalOf(["evaluate", "-", "--outcomes", "-"])).toBe(`phase19: --outcomes: ${twice}`);
  });

  it("a folder one level too high or too low", async () => {
    const above = `${outputs} holds the folders of the phases; give`;
    const wave = [...solve, "--wave", "1", "--phase18"];
    expect(await refusalOf([...wave, outputs])).toBe(`phase19: --phase18: ${above} ${at("phase18")}`);
    expect(await refusalOf([...wave, at("phase18"), "--phase16", outputs])).toContain(`${above} ${at("phase16")}`);
    expect(await refusalOf(["run", "--phase18", outputs])).toContain(`${above} ${at("phase18")}`);
    expect(await refusalOf(["learn", "--state", join(folder, "s.json"), "--phase18", outputs])).toContain(above);
    const below = `--outputs: ${at("phase18")} is the folder of one phase; give ${outputs}, the one above it`;
    expect(await refusalOf(["run", "--outputs", at("phase18")])).toBe(`phase19: ${below}`);
  });
});

it("says that a wave without tasks leaves nothing to plan", async () => {
  const file = join(folder, "none.json");
  writeFileSync(file, `{"agents":[{"agent_id":"a"}],"tasks":[]}`);
  const { stderr, exitCode } = await runRecorded([...solve, "--problem", file]);
  expect([exitCode, stderr]).toEqual([0, ["phase19: there are no tasks to plan; the empty plan is the best there is"]]);
});
