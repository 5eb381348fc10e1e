import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { InputError, ModelError } from "../../../src/domain/errors.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { RunEvent } from "../../../src/pipeline/run/events.js";
import { Phase19Harness } from "../../../src/pipeline/run/harness.js";
import { SYSTEM_FILES } from "../../../src/pipeline/files/file-functions.js";
import { checkOutputs } from "../../support/check-outputs.js";
import { systemError } from "../../support/intercepted-files.js";
import { readJson, runIn, ScriptedExecutor, smallInputs } from "../../support/pipeline-runs.js";

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
    const next = await runIn(root, { ...live(), runId: "next" });
    expect(next.summary).toMatchObject({ partial: false, waves_optimized: 2 });
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
