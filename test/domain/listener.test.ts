import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { listenTo } from "../../src/domain/listener.js";

it("throws what a promise of the listener was rejected with at the next event, once", async () => {
  const heard: number[] = [];
  const ears = listenTo("onProgress", async (event: number) => {
    heard.push(event);
    await Promise.resolve();
    throw new Error(`no ${event}`);
  });
  const work = ears.during(async () => {
    ears.hear(1);
    await turn();
    try {
      ears.hear(2);
    } catch (error) {
      ears.hear(3);
      await turn();
      ears.hear(4);
      throw error;
    }
  });
  await expect(work).rejects.toThrow("no 1");
  expect(heard).toEqual([1, 3, 4]);
});

it("throws it at the end where no event follows", async () => {
  const ears = listenTo("onEvent", () => Promise.reject(new Error("no")));
  const work = ears.during(async () => {
    ears.hear("end");
    await turn();
    return 1;
  });
  await expect(work).rejects.toThrow("no");
});

it("waits for no promise, and warns of one that is rejected after the end", async () => {
  const warnings: string[] = [];
  const hear = (warning: Error): void => void warnings.push(warning.message);
  process.on("warning", hear);
  let fail: (error: Error) => void = () => undefined;
  const ears = listenTo("onProgress", () => new Promise((_, reject) => (fail = reject)));
  expect(await ears.during(() => Promise.resolve(ears.hear("event")))).toBe(undefined);
  fail(new Error("too late"));
  await turn();
  await turn();
  process.off("warning", hear);
  expect(warnings).toEqual(["onProgress failed after the work it listened to had ended: Error: too late"]);
});
