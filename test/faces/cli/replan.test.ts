import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { writeScratch } from "../../pipeline/files/scratch.js";
import { runRecorded } from "./recorded-environment.js";

afterAll(closeSolvers);

let root = "";
beforeAll(async () => {
  root = writeScratch({
    "wave.json": JSON.stringify({
      agents: [{ agent_id: "a" }, { agent_id: "b" }],
      tasks: ["t1", "t2"].map((task_id) => ({ task_id, risk_level: "LOW", confidence: 0.9 })),
    }),
  });
  const words = ["--problem", join(root, "wave.json"), "--strategy", "balance_load", "--out", join(root, "plan.json")];
  await runRecorded(["solve", ...words, "--save-problem", join(root, "full.json")]);
});

const started = { at_ms: 0, event: "started", task_id: "t1" };

it.each<[string, string, RegExp]>([
  ["a time that is no number", '{"at_ms":1e400,"event":"started","task_id":"t1"}', /:1: at_ms: Infinity is not/],
  ["a start told twice", `\n${JSON.stringify(started)}\n\n${JSON.stringify(started)}`, /:4: started t1, which was/],
  ["a key twice", '{"at_ms":0,"event":"started","task_id":"t1","event":"ended"}', /:1: has the key "event" twice/],
  ["a row without an event", '{"at_ms":0}', /:1: event: is missing; give one of started, ended/],
  ["a list", JSON.stringify([started]), /:1: a list is not an event/],
  ["a line that is not JSON", `${JSON.stringify(started)}\ngarbage`, /:2: is not JSON/],
])("replan names %s by its line", async (_, text, message) => {
  const events = join(root, "events.jsonl");
  writeFileSync(events, text);
  const words = ["--problem", join(root, "full.json"), "--events", events];
  const { stderr, exitCode } = await runRecorded(["replan", join(root, "plan.json"), ...words]);
  expect(exitCode).toBe(2);
  expect(stderr).toHaveLength(1);
  expect(stderr[0]!.slice(`phase19: ${events}`.length)).toMatch(message);
});

/** What replan says of a task that comes beside tasks whose times are given. */
async function addTask(estimates: object): Promise<readonly string[]> {
  const own = { duration_ms: 5_000, success_probability: 0.9 };
  const tasks = ["t1", "t2"].map((task_id) => {
    return { task_id, risk_level: "LOW", confidence: 0.9, estimates: { a: own, b: own } };
  });
  const files = writeScratch({
    "wave.json": JSON.stringify({ agents: [{ agent_id: "a" }, { agent_id: "b" }], tasks }),
    "events.jsonl": JSON.stringify({
      ...{ at_ms: 100, event: "task_added" },
      task: { task_id: "urgent", risk_level: "LOW", confidence: 0.9, estimates },
    }),
  });
  const [plan, full] = ["plan.json", "full.json"].map((name) => join(files, name)) as [string, string];
  const wave = ["--problem", join(files, "wave.json"), "--strategy", "balance_load"];
  await runRecorded(["solve", ...wave, "--out", plan, "--save-problem", full]);
  const words = ["--problem", full, "--events", join(files, "events.jsonl"), "--out", join(files, "next.json")];
  const { stderr, exitCode } = await runRecorded(["replan", plan, ...words]);
  expect(exitCode).toBe(0);
  return stderr;
}

it("says where the time of a task that came is the default, as solve does", async () => {
  expect(await addTask({})).toEqual([
    expect.stringMatching(/^phase19: times of 2 pairs .* default of 30 ms .*: urgent; /),
  ]);
  expect(await addTask({ a: { duration_ms: 10 }, b: { duration_ms: 10 } })).toEqual([]);
});

it("diff calls neither of two plans of different tasks the better one", async () => {
  const files = writeScratch({});
  const wave = ["solve", "--problem", join(root, "wave.json"), "--strategy", "maximize_success", "--out"];
  const [whole, part] = ["whole.json", "part.json"].map((name) => join(files, name)) as [string, string];
  await runRecorded([...wave, whole]);
  await runRecorded([...wave, part, "--drop", "t2"]);
  const { stdout } = await runRecorded(["diff", whole, part, "--format", "table"]);
  expect(stdout).toMatch(
    /success -0\.\d+, of other tasks: 1 task only in the first\. The best possible value changes by\s-0\.\d+, proven/,
  );
  expect(stdout).not.toMatch(/is better|\d +(?:first|other)$/m);
});
