import { expect, it } from "vitest";
import type { Cure } from "../../../src/domain/schemas/index.js";
import { orderCures } from "../../../src/planner/ask/cures.js";

const cure = (change: string, share: number | null): Cure => ({
  ...{ change, share, flags: null, from: null, to: null, least: null, not_enough: null },
});

it("lists small changes first, then those without a size, then large ones, and drops what is beyond all measure", () => {
  const cures = [cure("slots × 34", 33), cure("skill", null), cure("half", 0.5), cure("tenth", 0.1), cure("× 4", 3)];
  const changes = orderCures(cures).map(({ change }) => change);
  expect(changes).toEqual(["tenth", "half", "skill", "× 4"]);
  expect(orderCures([cure("× 50", 49), cure("× 34", 33)]).map(({ change }) => change)).toEqual(["× 34", "× 50"]);
});
