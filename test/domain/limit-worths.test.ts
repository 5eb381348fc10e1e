import { expect, it } from "vitest";
import { describeUnknownWorths, sortWorths } from "../../src/domain/text/limit-worths.js";

type Worth = Parameters<typeof sortWorths>[0]["limits"][number];

function worth(limit: string, gains: number | null, gains_at_most: number | null, more: Partial<Worth> = {}): Worth {
  const value = gains === null ? null : 58.25 + gains;
  const lifted = { value, bound: null, proven: false, gains, gains_at_most, deferred_weight: 0, places_more: 0 };
  return { ...{ limit, used: 0, allowed: 1, price_per_unit: null, one_more: null, lifted }, ...more };
}

const OBJECTIVE = { name: "success", sense: "max", value: 58, bound: 58.5, gap: 0.01 } as const;

it("tells limits that matter from those that only may, as far as a plan that is not proven best may fall short under all of them", () => {
  const placing = worth("count[b]", 0, 0.25);
  const limits = [
    worth("load[a]", 0, 0.3),
    worth("load[b]", 0.1, 0.2),
    worth("load[c]", 0, 0.25),
    worth("load[d]", 0, 0.2),
    worth("count[a]", null, 0.25),
    { ...placing, one_more: { ...placing.lifted, places_more: 1 } },
  ];
  const sorted = sortWorths({ limits, objective: OBJECTIVE });
  expect(sorted.known.map(({ limit }) => limit)).toEqual(["load[a]", "load[b]", "count[a]", "count[b]"]);
  expect(sorted.unknown.map(({ limit }) => limit)).toEqual(["load[c]", "load[d]"]);
  expect(describeUnknownWorths(sorted, String)).toBe(
    "Of 2 limits (load[c], load[d]) nothing is known, for the plan is not proven best: no better plan was found without one of them, and none is better by more than 0.25.",
  );
});

it("takes what all limits have in common for the time that was short", () => {
  const limits = [worth("load[a]", 0, 0.4), worth("load[b]", 0, 0.3), worth("load[c]", 0, 0.3)];
  const { known, unknown } = sortWorths({ limits, objective: OBJECTIVE });
  expect([known, unknown].map((worths) => worths.map(({ limit }) => limit))).toEqual([
    ["load[a]"],
    ["load[b]", "load[c]"],
  ]);
});

it("leaves every limit of a plan that is proven best, or has no bound, where it is", () => {
  const limits = [worth("load[a]", 0, 0.1)];
  const proven = sortWorths({ limits, objective: { ...OBJECTIVE, value: 58.25, bound: 58.25 } });
  const open = sortWorths({ limits, objective: { ...OBJECTIVE, bound: null } });
  expect([proven, open].map(({ known, unknown }) => [known.length, unknown.length])).toEqual([
    [1, 0],
    [1, 0],
  ]);
  expect(describeUnknownWorths(proven, String)).toBe("");
});
