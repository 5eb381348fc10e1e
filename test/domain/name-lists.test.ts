import { expect, it } from "vitest";
import { countOf } from "../../src/domain/name-lists.js";

it("counts one thing and several", () => {
  expect([0, 1, 2].map((count) => countOf(count, "run"))).toEqual(["0 runs", "1 run", "2 runs"]);
});
