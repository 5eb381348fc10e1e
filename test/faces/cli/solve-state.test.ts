import { NO_SUMS } from "../../../src/domain/evidence.js";
import { addToEvidence } from "../../../src/planner/prediction/evidence-document.js";
import { bandTrials } from "../../../src/planner/prediction/trial-bands.js";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { ProblemDocument } from "../../../src/domain/schemas/problem.js";
import { EMPTY_STATE, type LearnedStateDocument } from "../../../src/domain/schemas/learned-state.js";
import { learnHistory } from "../../../src/pipeline/learn/learn.js";
import { learnedStateText } from "../../../src/pipeline/files/learned-state.js";
import { loadPhases } from "../../../src/pipeline/files/phases.js";
import { writeScratch } from "../../pipeline/files/scratch.js";
import { copyFixture } from "../../support/pipeline-runs.js";
import { runRecorded } from "./recorded-environment.js";

let root = "";
let stateFile = "";
beforeAll(async () => {
  root = copyFixture("demo");
  const phases = await loadPhases({
    phase18Dir: join(root, "phase18"),
    tasksFile: tasks(),
    priorityOrder: "ascending",
  });
  stateFile = write("state.json", learnedStateText(learnHistory(EMPTY_STATE, phases, phases.heuristics)));
});
afterAll(closeSolvers);

const tasks = (): string => join(root, "phase16", "planned_tasks.jsonl");
const FAST = ["--solver", "greedy", "--strategy", "maximize_success", "--now", "2026-01-01T00:00:00Z"];
const phaseWords = (): string[] => [
  "solve",
  "--phase18",
  join(root, "phase18"),
  "--tasks",
  tasks(),
  "--wave",
  "1",
  ...FAST,
];
const readSaved = (): ProblemDocument => JSON.parse(readFileSync(join(root, "saved.json"), "utf8")) as ProblemDocument;

function write(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

/** Success probabilities of the document that `--save-problem` wrote. */
async function savedSuccess(words: readonly string[]): Promise<number[]> {
  const { exitCode, stderr } = await runRecorded([...words, "--save-problem", join(root, "saved.json")]);
  expect([exitCode, stderr.filter((line) => !line.includes("skipped"))]).toEqual([0, []]);
  return readSaved().tasks.flatMap(({ estimates }) =>
    Object.values(estimates ?? {}).map(({ success_probability }) => success_probability!),
  );
}

describe("solve --state with the files of the phases", () => {
  it("counts no evidence twice: a state that has learned the same files changes nothing", async () => {
    const plain = await savedSuccess(phaseWords());
    const before = readFileSync(stateFile, "utf8");
    const learned = await savedSuccess([...phaseWords(), "--state", stateFile]);
    expect(learned.length).toBeGreaterThan(20);
    learned.forEach((value, k) => expect(value).toBeCloseTo(plain[k]!, 9));
    expect(readFileSync(stateFile, "utf8")).toBe(before);
  });

  it("adds what the state alone knows", async () => {
    const state = JSON.parse(readFileSync(stateFile, "utf8")) as LearnedStateDocument;
    const { agents, task_types: types } = state.real.evidence;
    const kind = { agentId: agents[0]!, taskType: types[0] ?? null, riskLevel: null };
    const failures = bandTrials([{ confidence: 0.8, count: 500, successes: 0 }]);
    const more = { kind, isBefore: false, trials: failures, logTimes: NO_SUMS, gains: NO_SUMS };
    const evidence = addToEvidence(state.real.evidence, [more]);
    const path = write("more.json", JSON.stringify({ ...state, real: { ...state.real, evidence } }));
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    expect(sum(await savedSuccess([...phaseWords(), "--state", path]))).toBeLessThan(
      sum(await savedSuccess([...phaseWords(), "--state", stateFile])) - 1,
    );
  });
});

describe("solve --state with a problem document", () => {
  it("predicts what is missing, and verify asks for the saved document", async () => {
    await savedSuccess(phaseWords());
    const saved = readSaved();
    const partial = { ...saved, uses_history: false, tasks: saved.tasks.map((one) => ({ ...one, estimates: {} })) };
    const problem = write("partial.json", JSON.stringify(partial));
    const words = ["solve", "--problem", problem, ...FAST];
    const fromPrior = await savedSuccess(words);
    expect(readSaved().uses_history).toBe(false);
    const out = join(root, "result.json");
    const fromState = await savedSuccess([...words, "--state", stateFile, "--out", out]);
    expect(readSaved().uses_history).toBe(true);
    expect(fromState).not.toEqual(fromPrior);
    expect((await runRecorded(["verify", out, "--problem", join(root, "saved.json")])).exitCode).toBe(0);
    const refused = await runRecorded(["verify", out, "--problem", problem]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr[0]).toMatch(/partial\.json: some of its estimates are missing.*--save-problem/);
  });

  it("says where the state changes nothing", async () => {
    const { stderr } = await runRecorded([
      ...["solve", "--problem", write("full.json", FULL), ...FAST, "--state", stateFile],
    ]);
    expect(stderr).toEqual([expect.stringMatching(/--state: .*state\.json changes nothing/)]);
  });
});

const FULL = JSON.stringify({
  agents: [{ agent_id: "a" }],
  tasks: [
    {
      ...{ task_id: "t", risk_level: "LOW", confidence: 0.8 },
      estimates: { a: { success_probability: 0.9, duration_ms: 5, retries: 0, confidence_delta: 0, cost: 0 } },
    },
  ],
});

describe("a state that is none", () => {
  it.each([
    ["damaged", "{", /bad\.json/],
    ["foreign", '{"format": "other"}', /bad\.json: format: "other" is not phase19-learned-state; give a/],
    ["newer", '{"format": "phase19-learned-state", "schema_version": 99}', /schema_version: 99 is newer/],
  ])("is refused by name: %s", async (_, text, message) => {
    const folder = writeScratch({ "bad.json": text });
    const { exitCode, stderr, stdout } = await runRecorded([...phaseWords(), "--state", join(folder, "bad.json")]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr.at(-1)).toMatch(message);
  });

  it("is refused where the file is missing, or an output would overwrite it", async () => {
    const missing = await runRecorded([...phaseWords(), "--state", join(root, "nowhere.json")]);
    expect([missing.exitCode, missing.stderr.at(-1)]).toEqual([2, expect.stringContaining("nowhere.json")]);
    const clash = await runRecorded([...phaseWords(), "--state", stateFile, "--out", stateFile]);
    expect([clash.exitCode, clash.stderr.at(-1)]).toEqual([2, expect.stringContaining("is read by this command")]);
  });
});
