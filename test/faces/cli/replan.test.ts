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
