import { afterAll, beforeAll, expect, it } from "vitest";
import type { ResultDocument } from "../../../src/domain/result.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { writeScratch } from "../../pipeline/files/scratch.js";
import { runRecorded } from "./recorded-environment.js";

afterAll(closeSolvers);

let root = "";
beforeAll(() => {
  root = writeScratch({
    "wave.json": JSON.stringify({
      agents: ["a1", "a2", "a3"].map((agent_id) => ({ agent_id, max_tasks: 2 })),
      tasks: ["t1", "t2", "t3", "t4"].map((task_id) => ({ task_id, risk_level: "LOW", confidence: 0.9 })),
    }),
  });
});
const QUESTION = ["--without", "a3", "--drop", "t4", "--pin", "t1=a2", "--pin", "t2=a2", "--agent", "a1.max_tasks=1"];

it("solve answers a question about a changed wave, saves it, and verify takes the same flags", async () => {
  const wave = ["--problem", `${root}/wave.json`, "--strategy", "maximize_success"];
  const files = ["--out", `${root}/r.json`, "--save-problem", `${root}/saved.json`];
  const { stdout, exitCode } = await runRecorded(["solve", ...wave, ...QUESTION, ...files]);
  expect(exitCode).toBe(0);
  const result = JSON.parse(stdout) as ResultDocument;
  expect(result.agent_assignments).toMatchObject({ a1: ["t3"] });
  expect([...result.agent_assignments["a2"]!].sort()).toEqual(["t1", "t2"]);
  expect(Object.keys(result.agent_assignments)).toEqual(["a1", "a2"]);

  const verify = async (words: string[]): Promise<number> =>
    (await runRecorded(["verify", `${root}/r.json`, "--strategy", "maximize_success", ...words])).exitCode;
  expect(await verify(["--problem", `${root}/wave.json`, ...QUESTION])).toBe(0);
  expect(await verify(["--problem", `${root}/saved.json`])).toBe(0);
  expect(await verify(["--problem", `${root}/wave.json`])).not.toBe(0);
  const model = await runRecorded(["show-model", ...wave, ...QUESTION]);
  expect(model.stdout).not.toContain("a3");
});

it("refuses two changes that contradict each other, and takes one that is given twice", async () => {
  const wave = ["--problem", `${root}/wave.json`, "--strategy", "maximize_success"];
  const lineOf = async (...words: string[]) => (await runRecorded(["solve", ...wave, ...words])).stderr.at(-1);
  expect(await lineOf("--pin", "t1=a1", "--pin", "t2=a1", "--pin", "t1=a2")).toBe(
    "phase19: --pin t1=a2: contradicts --pin t1=a1; give one",
  );
  expect(await lineOf("--agent", "a1.max_tasks=1", "--agent", "a1.slots=2", "--agent", "a1.max_tasks=2")).toBe(
    "phase19: --agent a1.max_tasks=2: contradicts --agent a1.max_tasks=1; give one",
  );
  const twice = ["--pin", "t1=a1", "--pin", "t1=a1", "--agent", "a1.slots=2", "--agent", "a2.slots=3"];
  expect((await runRecorded(["solve", ...wave, ...twice])).exitCode).toBe(0);
});

it("changes a wave from the phases' files too", async () => {
  const phases = ["--phase18", "fixtures/demo/phase18", "--phase16", "fixtures/demo/phase16", "--wave", "1"];
  const words = ["--solver", "greedy", "--strategy", "maximize_success", "--drop", "wave1_task05"];
  const { stdout, exitCode } = await runRecorded(["solve", ...phases, ...words]);
  expect(exitCode).toBe(0);
  expect(stdout).not.toContain('"wave1_task05"');
  const { stderr } = await runRecorded(["solve", ...phases, ...words, "--without", "agent_9"]);
  expect(stderr.at(-1)).toMatch(/^phase19: --without: "agent_9" is not an agent; did you mean "agent_\d"\?$/);
});
