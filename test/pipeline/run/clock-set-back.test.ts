import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { Phase19Harness } from "../../../src/pipeline/run/harness.js";
import { monotonicNow } from "../../../src/pipeline/run/monotonic-now.js";
import { checkOutputs } from "../../support/check-outputs.js";
import { messageOf } from "../files/scratch.js";
import { readJson, runIn, ScriptedExecutor, smallInputs } from "../../support/pipeline-runs.js";

afterAll(closeSolvers);
afterEach(() => vi.restoreAllMocks());

const oneTask = () => smallInputs([{ task_id: "a" }]);
const live = () => ({ live: true, executor: new ScriptedExecutor() });

describe("a clock that is set back", () => {
  it("stands still until the old time has come", () => {
    const times = [5, 3, 4, 7, 6];
    const now = monotonicNow(() => times.shift()!);
    expect(Array.from({ length: 5 }, now)).toEqual([5, 5, 5, 7, 7]);
  });

  it("leaves a tree without a negative duration, from which the next run goes on", async () => {
    const root = oneTask();
    const system = Date.now;
    let calls = 0;
    vi.spyOn(Date, "now").mockImplementation(() => system() - (++calls > 3 ? 10_000 : 0));
    await new Phase19Harness({ outputsDir: root }).runPhase19();
    expect(calls).toBeGreaterThan(3);
    const out = join(root, "phase19");
    const { start_time, end_time, duration_ms } = readJson<Record<string, string>>(out, "phase19_summary.json");
    expect([end_time! >= start_time!, Number(duration_ms) >= 0]).toEqual([true, true]);
    expect(checkOutputs(out)).toEqual([]);
    expect((await new Phase19Harness({ outputsDir: root, seed: 2 }).runPhase19()).summary?.seed).toBe(2);
  });
});

describe("a tree whose summary is damaged", () => {
  it.each(["", "{", '{"phase": 19, "run_id": "first", "duration_ms": -1}'])(
    "gives up what it learned: %j",
    async (text) => {
      const root = oneTask();
      await runIn(root, { ...live(), runId: "first" });
      writeFileSync(join(root, "phase19/phase19_summary.json"), text);
      const { warnings } = await runIn(root, { ...live(), runId: "second" });
      expect(warnings.join()).toContain("what that run had learned is whole and is kept");
      expect(readJson(root, "phase19/learned_state.json")).toMatchObject({ real: { outcomes: 2 } });
    },
  );

  it("is refused where what it learned is not whole, and replaced on request", async () => {
    const root = oneTask();
    await runIn(root, { ...live(), runId: "first" });
    writeFileSync(join(root, "phase19/phase19_summary.json"), "");
    writeFileSync(join(root, "phase19/learned_state.json"), "{");
    expect(await messageOf(() => runIn(root, { ...live(), runId: "second" }))).toContain("give --replace");
    rmSync(join(root, "phase19/learned_state.json"));
    expect(await messageOf(() => runIn(root, { ...live(), runId: "second" }))).toContain("give --replace");
    await runIn(root, { ...live(), runId: "second", replace: true });
    expect(readJson(root, "phase19/learned_state.json")).toMatchObject({ real: { outcomes: 1 } });
  });
});
