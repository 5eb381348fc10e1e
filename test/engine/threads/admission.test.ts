import { describe, expect, it } from "vitest";
import { Admission } from "../../../src/engine/threads/admission.js";

const FOR_EVER = { timeoutMs: Infinity };

describe("an admission queue", () => {
  it("lets so many in, the others in turn", async () => {
    const queue = new Admission(2);
    const order: number[] = [];
    const visits = [1, 2, 3, 4].map((visitor) =>
      queue.enter(FOR_EVER).then((release) => {
        order.push(visitor);
        return release;
      }),
    );
    const [first, second] = [await visits[0]!, await visits[1]!];
    expect([order, queue.numWaiting]).toEqual([[1, 2], 2]);
    second();
    const third = await visits[2]!;
    expect(order).toEqual([1, 2, 3]);
    first();
    third();
    (await visits[3]!)();
    expect([order, queue.numWaiting]).toEqual([[1, 2, 3, 4], 0]);
    (await queue.enter({ timeoutMs: 0 }))();
  });

  it("lets go at once who is aborted or has waited too long, and gives nobody their place twice", async () => {
    const queue = new Admission(1);
    const release = await queue.enter(FOR_EVER);
    const controller = new AbortController();
    const aborted = queue.enter({ ...FOR_EVER, signal: controller.signal });
    const late = queue.enter({ timeoutMs: 5 });
    let isIn = false;
    const patient = queue.enter(FOR_EVER).then((leave) => {
      isIn = true;
      return leave;
    });
    controller.abort();
    (await aborted)();
    (await late)();
    expect([isIn, queue.numWaiting]).toEqual([false, 1]);
    release();
    (await patient)();
    expect(isIn).toBe(true);
  });
});
