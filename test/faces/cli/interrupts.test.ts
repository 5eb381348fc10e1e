import { describe, expect, it, vi } from "vitest";
import { createInterrupts } from "../../../src/faces/cli/interrupts.js";

function interrupts() {
  const [exitNow, tell] = [vi.fn<(word: string) => void>(), vi.fn<(word: string) => void>()];
  return { exitNow, tell, ...createInterrupts({ exitNow, tell }) };
}

describe("an interrupt", () => {
  it("aborts the work that can be aborted and lets it hand over what it has", async () => {
    const { exitNow, raise, abortable } = interrupts();
    const best = await abortable(async (signal, begin) => {
      begin();
      raise();
      return Promise.resolve(signal.aborted ? "best so far" : "unaware");
    });
    expect([best, exitNow.mock.calls.length]).toEqual(["best so far", 0]);
  });

  it("ends the process the second time, even while work goes on", async () => {
    const { exitNow, raise, abortable } = interrupts();
    await abortable((_, begin) => {
      begin();
      raise();
      raise();
      return Promise.resolve();
    });
    expect(exitNow.mock.calls).toEqual([["stopped at once: what was not written by now is missing"]]);
  });

  it("lets what the work came to be written, and ends the process the second time", async () => {
    const { exitNow, tell, raise, abortable } = interrupts();
    await abortable((_, begin) => {
      begin();
      return Promise.resolve();
    });
    raise();
    expect([exitNow.mock.calls, tell.mock.calls.length]).toEqual([[], 1]);
    raise();
    expect(exitNow.mock.calls).toEqual([["stopped at once: what was not written by now is missing"]]);
  });

  it("ends the process at once while the work has not begun", async () => {
    const { exitNow, raise, abortable } = interrupts();
    const isAborted = await abortable((signal) => {
      raise();
      return Promise.resolve(signal.aborted);
    });
    expect(isAborted).toBe(false);
    expect(exitNow.mock.calls).toEqual([["interrupted before there was a result"]]);
  });

  it("ends the process at once where nothing can be aborted", async () => {
    const { exitNow, raise, abortable } = interrupts();
    raise();
    await expect(abortable(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    raise();
    const nothing = "interrupted before there was a result";
    expect(exitNow.mock.calls).toEqual([[nothing], [nothing]]);
  });
});
