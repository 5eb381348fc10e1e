import { expect, it } from "vitest";
import { Interruption } from "../../../src/pipeline/execute/interruption.js";

/** What a listener was told. */
function listenTo(interruption: Interruption) {
  const told: unknown[] = [];
  const listener = (reason: unknown) => void told.push(reason);
  interruption.listen(listener);
  return { told, unlisten: () => interruption.unlisten(listener) };
}

it("tells each listener once, with the first reason", () => {
  const interruption = new Interruption();
  const [one, other, gone] = [listenTo(interruption), listenTo(interruption), listenTo(interruption)];
  gone.unlisten();
  expect(interruption.isRaised).toBe(false);
  interruption.raise("first");
  interruption.raise("second");
  expect([one.told, other.told, gone.told]).toEqual([["first"], ["first"], []]);
  expect(interruption.isRaised).toBe(true);
});

it("comes with a signal, also one that was aborted before", () => {
  const abort = new AbortController();
  const interruption = Interruption.by(abort.signal);
  const { told } = listenTo(interruption);
  abort.abort("ctrl-c");
  expect(told).toEqual(["ctrl-c"]);
  expect(Interruption.by(abort.signal).isRaised).toBe(true);
});
