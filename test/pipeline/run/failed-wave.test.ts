import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { InputError, ModelError } from "../../../src/domain/errors.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { RunEvent } from "../../../src/pipeline/run/events.js";
import { Phase19Harness } from "../../../src/pipeline/run/harness.js";
import { SYSTEM_FILES } from "../../../src/pipeline/files/file-functions.js";
import { checkOutputs } from "../../support/check-outputs.js";
import { systemError } from "../../support/intercepted-files.js";
import { readJson, readLines, RUN_AT, runIn, ScriptedExecutor, smallInputs } from "../../support/pipeline-runs.js";

afterAll(closeSolvers);

const twoWaves = () => smallInputs([{ task_id: "a" }, { task_id: "b", wave: 2 }]);
const live = () => ({ live: true, executor: new ScriptedExecutor(), learnBetweenWaves: true });

/** A listener that fails when a wave's plan is told. */
const failAt =
  (wave: number, error: unknown) =>
  (event: RunEvent): void => {
    if (event.event === "plan" && event.wave === wave) throw error;
  };

describe("a wave that fails", () => {
  it("does not cost the waves before it: they stand as a partial run, and the next run goes on", async () => {
    const root = twoWaves();
    const failing = runIn(root, { ...live(), onEvent: failAt(2, new RangeError("off")) });
    await expect(failing).rejects.toThrow("off (wave 2 failed; the waves before it (1) are kept as a partial run)");
    await expect(failing).rejects.toBeInstanceOf(ModelError);
    const out = join(root, "phase19");
    expect(checkOutputs(out)).toEqual([]);
    expect(readJson(out, "phase19_summary.json")).toMatchObject({ partial: true, waves_optimized: 1 });
    expect([existsSync(join(out, "wave_1")), existsSync(join(out, "wave_2"))]).toEqual([true, false]);
    expect(readJson(out, "learned_state.json")).toMatchObject({ real: { outcomes: 1 } });
    const next = await runIn(root, { ...live(), runId: "next", abandon: true });
    expect(next.summary).toMatchObject({ partial: false, waves_optimized: 2 });
  });

  it.each<[string, (path: string) => boolean]>([
    ["the first file of the wave", (path) => path.includes("wave_2/")],
    ["a log that has rows of the wave before", (path) => path.endsWith("schedule_comparisons.jsonl")],
    ["the last log", (path) => path.endsWith("calibration.jsonl")],
  ])("leaves no trace where booking fails at %s: rows and files of it are taken back", async (_, isMeant) => {
    const root = twoWaves();
    let numMeant = 0;
    const append = (path: string, text: string): Promise<void> => {
      if (isMeant(path) && (path.includes("wave_2/") || ++numMeant === 2)) return Promise.reject(systemError("EIO"));
      return SYSTEM_FILES.append(path, text);
    };
    const files = { ...SYSTEM_FILES, append };
    const harness = new Phase19Harness({ ...live(), outputsDir: root, now: RUN_AT }, { files });
    await expect(harness.runPhase19()).rejects.toThrow(/wave 2 failed; the waves before it \(1\) are kept/);
    const out = join(root, "phase19");
    expect(checkOutputs(out)).toEqual([]);
    expect(readJson(out, "phase19_summary.json")).toMatchObject({ partial: true, waves_optimized: 1 });
    expect(readJson(out, "learned_state.json")).toMatchObject({ real: { outcomes: 1 } });
    expect(readLines<{ wave: number }>(out, "schedule_comparisons.jsonl").map(({ wave }) => wave)).toEqual([1]);
    expect(existsSync(join(out, "wave_2/wave_summary.json"))).toBe(false);
  });

  it("keeps the wave itself where only the telling of its metrics fails", async () => {
    const root = twoWaves();
    const onEvent = (event: RunEvent): void => {
      if (event.event === "metric" && event.wave === 2) throw new RangeError("deaf");
    };
    const failing = runIn(root, { ...live(), onEvent });
    await expect(failing).rejects.toThrow("deaf (wave 2 failed when it was booked; the waves so far (2) are kept");
    expect(checkOutputs(join(root, "phase19"))).toEqual([]);
    expect(readJson(root, "phase19/phase19_summary.json")).toMatchObject({ waves_optimized: 2 });
  });

  it("keeps the kind of its failure", async () => {
    const failing = runIn(twoWaves(), { ...live(), onEvent: failAt(2, new InputError("here", "is wrong")) });
    await expect(failing).rejects.toBeInstanceOf(InputError);
    await expect(failing).rejects.toThrow("here: is wrong (wave 2 failed;");
  });

  it("as the first one leaves nothing, and fails as it is", async () => {
    const root = twoWaves();
    await expect(runIn(root, { ...live(), onEvent: failAt(1, new RangeError("off")) })).rejects.toThrow(/^off$/);
    expect(existsSync(join(root, "phase19"))).toBe(false);
  });

  it("says so where the waves before cannot be kept either", async () => {
    const root = twoWaves();
    const move = () => Promise.reject(systemError("EIO"));
    const options = { ...live(), outputsDir: root, onEvent: failAt(2, new RangeError("off")) };
    const harness = new Phase19Harness(options, { files: { ...SYSTEM_FILES, move } });
    await expect(harness.runPhase19()).rejects.toThrow(/^off \(wave 2 failed; .* could not be kept: .*EIO\)$/);
    expect(existsSync(join(root, "phase19.lock"))).toBe(false);
  });
});

describe("--no-feedback", () => {
  it("leaves the folders of Phases 16 and 18 alone, and no debt; the report still knows the agents", async () => {
    const root = twoWaves();
    await runIn(root, { ...live(), feedback: false });
    expect(existsSync(join(root, "phase16/phase19_feedback.jsonl"))).toBe(false);
    expect(readJson(root, "phase19/phase19_summary.json")).toMatchObject({
      feedback: { phase16: null, phase18: null },
    });
    expect(checkOutputs(join(root, "phase19"))).toEqual([]);
    expect(readFileSync(join(root, "phase19/PHASE_19_AUTONOMOUS_OPTIMIZATION.md"), "utf8")).toContain("agent_0");
    const again = await runIn(root, { ...live() });
    expect(again.warnings).toEqual([expect.stringContaining("were partly or wholly the default")]);
    expect(readLines(root, "phase16/phase19_feedback.jsonl")).toHaveLength(1);
  });
});
