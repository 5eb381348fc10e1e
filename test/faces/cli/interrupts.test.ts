import { describe, expect, it, vi } from "vitest";
import { createInterrupts } from "../../../src/faces/cli/interrupts.js";

describe("an interrupt", () => {
  it("aborts the work that can be aborted and lets it hand over what it has", async () => {
    const exitNow = vi.fn();
    const { raise, abortable } = createInterrupts(exitNow);
    const best = await abortable(async (signal, begin) => {
      begin();
      raise();
      return Promise.resolve(signal.aborted ? "best so far" : "unaware");
    });
    expect([best, exitNow.mock.calls.length]).toEqual(["best so far", 0]);
  });

  it("ends the process the second time, even while work goes on", async () => {
    const exitNow = vi.fn();
    const { raise, abortable } = createInterrupts(exitNow);
    await abortable((_, begin) => {
      begin();
      raise();
      raise();
      return Promise.resolve();
    });
    expect(exitNow).toHaveBeenCalledTimes(1);
  });

  it("ends the process at once while the work has not begun", async () => {
    const exitNow = vi.fn();
    const { raise, abortable } = createInterrupts(exitNow);
    const isAborted = await abortable((signal) => {
      raise();
      return Promise.resolve(signal.aborted);
    });
    expect([isAborted, exitNow.mock.calls.length]).toEqual([false, 1]);
  });

  it("ends the process at once where nothing can be aborted", async () => {
    const exitNow = vi.fn();
    const { raise, abortable } = createInterrupts(exitNow);
    raise();
    await expect(abortable(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    raise();
    expect(exitNow).toHaveBeenCalledTimes(2);
  });
});
