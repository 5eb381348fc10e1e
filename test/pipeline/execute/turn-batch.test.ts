import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { TurnBatch } from "../../../src/pipeline/execute/turn-batch.js";

it("does by one call what is asked for within one turn, in the order in which it was asked for", async () => {
  const calls: (readonly string[])[] = [];
  const batch = new TurnBatch<string>(async (items) => calls.push(items));
  await Promise.all(["a", "b", "c"].map((item) => batch.add(item)));
  await batch.add("d");
  expect(calls).toEqual([["a", "b", "c"], ["d"]]);
});

it("begins anew while a call goes on", async () => {
  const calls: (readonly string[])[] = [];
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const batch = new TurnBatch<string>((items) => {
    calls.push(items);
    return held;
  });
  const first = batch.add("a");
  await nextTurn();
  const second = batch.add("b");
  await nextTurn();
  expect(calls).toEqual([["a"], ["b"]]);
  release();
  await Promise.all([first, second]);
});

it("fails for all whose call failed, and for nobody after them", async () => {
  const batch = new TurnBatch<string>(async (items) => {
    if (items.includes("bad")) throw new Error("refused");
  });
  const together = await Promise.allSettled([batch.add("good"), batch.add("bad")]);
  expect(together.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await expect(batch.add("good")).resolves.toBeUndefined();
});

it("gathers for as long as it is told, and is idle when all of that is done", async () => {
  const calls: (readonly string[])[] = [];
  const batch = new TurnBatch<string>(
    async (items) => calls.push(items),
    () => sleep(20),
  );
  void batch.add("a");
  await nextTurn();
  void batch.add("b");
  await nextTurn();
  expect(calls).toEqual([]);
  await batch.idle();
  expect(calls).toEqual([["a", "b"]]);
});
