import { expect, it } from "vitest";
import { deferralKinds } from "../../../src/pipeline/measure/deferral-kinds.js";
import { fullWave } from "./full-wave.js";

it("tells a task whose agent was lacking from one whose predecessor failed, or was not started", () => {
  const wave = fullWave();
  const kindOf = deferralKinds(wave);
  const kind = (taskId: string, reason: string): string =>
    kindOf({ ...{ taskId, wave: wave.wave, stage: "execution", reason, isFinal: true } });
  // w waits for y, which failed.
  expect(kind("w", "it depends on y, which failed")).toBe("predecessor_failed");
  expect(kind("v", "it depends on u, which was not started")).toBe("blocked");
  expect(kind("v", "b is down, and no other agent can take it")).toBe("not_started");
  expect(kind("v", "the budget of 60 does not pay for it: 70.957 is spent")).toBe("over_budget");
});
