import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { writeScratch } from "../../pipeline/files/scratch.js";
import { runRecorded } from "./recorded-environment.js";

afterAll(closeSolvers);

it("a comparison as a page follows the colours of the system, and its tables scroll where they are wider than the window", async () => {
  const tasks = ["t1", "t2"].map((task_id) => ({ task_id, risk_level: "LOW", confidence: 0.9 }));
  const root = writeScratch({ "wave.json": JSON.stringify({ agents: [{ agent_id: "a" }, { agent_id: "b" }], tasks }) });
  const words = ["--strategies", "maximize_success,balance_load", "--pareto", "success,throughput", "--format", "html"];
  const { stdout } = await runRecorded(["compare", "--problem", `${root}/wave.json`, ...words]);
  expect(stdout.match(/<table/g)).toHaveLength(2);
  expect(stdout.match(/<div class="wide" tabindex="0"><table/g)).toHaveLength(2);
  // Only the root's scheme colours the window.
  expect(stdout).toMatch(/:root\{color-scheme:light dark\}.*\.wide\{overflow-x:auto\}.*white-space:nowrap/);
});
