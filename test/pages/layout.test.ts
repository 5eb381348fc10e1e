import { expect, it } from "vitest";
import { linear, ticks, ticksBetween } from "../../src/pages/charts/scale.js";
import { milestones } from "../../src/pages/charts/milestones.js";
import { duration, gap, number, waveNumber } from "../../src/pages/elements/format.js";
import { fitId, layOut, neighbour } from "../../src/pages/gantt/layout.js";
import { describeDearest } from "../../src/pages/sections/dearest-agent.js";
import { describeLimits } from "../../src/pages/sections/limit-words.js";
import type { PageStage, PageTask } from "../../src/domain/schemas/page.js";

const task = (task_id: string, agent_id: string, slot: number, start_ms: number, end_ms: number): PageTask => ({
  ...{ task_id, agent_id, slot, start_ms, end_ms, end_interval_ms: [end_ms, end_ms + 5], success_probability: 0.9 },
  ...{ risk_level: null, task_type: null, depends_on: [], reason: null, cost: null, state: "planned", attempts: [] },
});
const agent = (agent_id: string, slots: number) => ({
  ...{ agent_id, slots, tasks: 0, planned_ms: 0, actual_ms: null, limit_ms: null, away: [] },
  ...{ planned_success_rate: null, ended: 0, completed: 0, actual_success_rate: null },
});
const tasks = [task("a", "x", 0, 0, 10), task("b", "x", 0, 10, 30), task("c", "x", 1, 4, 6), task("d", "z", 0, 12, 20)];
const layout = layOut({ agents: [agent("x", 2), agent("y", 1), agent("z", 1)], tasks });

it("gives every slot a row and sees the latest time", () => {
  expect(layout.rows.map(({ agentId, slotLabel }) => agentId + slotLabel)).toEqual([
    "x\u00a0· 1",
    "x\u00a0· 2",
    "y",
    "z",
  ]);
  expect([layout.rowOf("x", 1), layout.rowOf("nobody", 0), layout.endMs, layout.hasActual]).toEqual([
    1,
    undefined,
    35,
    false,
  ]);
});

it("draws when an agent is away on each of its slots, and nothing beyond the last time", () => {
  const agents = [
    { ...agent("x", 2), away: [[3, 5] as [number, number], [20, null] as [number, null]] },
    agent("z", 1),
  ];
  const away = layOut({ agents, tasks }).absences;
  expect(away).toEqual(
    [0, 1].flatMap((row) => [
      { row, fromMs: 3, untilMs: 5 },
      { row, fromMs: 20, untilMs: 35 },
    ]),
  );
  expect(layOut({ agents: [{ ...agent("x", 2), away: [[35, 90]] }], tasks }).absences).toEqual([]);
});

it("steps along a slot and to the nearest task of the next one that has any", () => {
  const step = (from: string | null, direction: Parameters<typeof neighbour>[3]) =>
    neighbour(tasks, layout, from, direction)?.task_id;
  expect([step(null, "left"), step("a", "right"), step("b", "right"), step("b", "left")]).toEqual([
    "a",
    "b",
    undefined,
    "a",
  ]);
  expect([step("a", "down"), step("c", "down"), step("d", "up"), step("d", "down")]).toEqual([
    "c",
    "d",
    "c",
    undefined,
  ]);
  expect([step("c", "first"), step("c", "last"), step(null, "last")]).toEqual(["a", "d", "d"]);
});

it("marks axes with round numbers", () => {
  expect(ticks(1000, 5)).toEqual([0, 200, 400, 600, 800, 1000]);
  expect(ticksBetween(77.9, 77.94, 4)).toHaveLength(5);
  expect(ticks(0, 4)).toEqual([0]);
  expect(ticks(47.9, 2)).toEqual([0, 20, 40]);
  expect(ticksBetween(8, 13, 1)).toEqual([8, 10, 12]);
  expect(linear(0, 10, 100, 200)(5)).toBe(150);
});

it.each([1, 2, 3, 4, 5, 8])("marks any axis for %i ticks with two at least and not with many more", (numTicks) => {
  for (let min = 0; min < 3; min += 0.37) {
    for (let range = 0.013; range < 2e4; range *= 1.07) {
      const at = ticksBetween(min, min + range, numTicks);
      expect([at.length >= 2, at.length <= Math.max(6, numTicks + 1)]).toEqual([true, true]);
      expect(at.every((tick) => tick >= min - 1e-6 && tick <= min + range + 1e-6)).toBe(true);
    }
  }
});

it("writes numbers as people read them", () => {
  expect([duration(0), duration(1500), duration(90_000), duration(null)]).toEqual(["0 ms", "1.5 s", "1 min 30 s", "–"]);
  expect([gap(0), gap(1e-6), gap(0.0123), gap(null)]).toEqual(["0 %", "under 0.01 %", "1.23 %", "not known"]);
  expect(number(11.571003316557357)).toBe("11.571");
});

it("follows value and bound of the first goal alone", () => {
  const stage = (stage: string, value: number | null, bound: number | null): PageStage => ({
    ...{ stage, solver: "engine", termination: "feasible", limit: null, value, bound, wall_ms: 10, note: "" },
  });
  const objective = { name: "success", sense: "max", value: 11.5, bound: 11.6, gap: 0.01 } as const;
  const stages = [
    stage("payoff success: quick search", 3, 4),
    stage("order: construct", 11, null),
    stage("deferrals", 10, null),
    stage("without order: bound deferral", null, 5),
    stage("without order: success", 12, 12),
    stage("below_gate", 2, 0),
    stage("makespan_ms", 700, 650),
    stage("success", 11.5, 11.6),
  ];
  expect(milestones({ stages, objective })).toEqual([
    { kind: "value", at: 20, y: 11 },
    { kind: "bound", at: 50, y: 12 },
    { kind: "value", at: 80, y: 11.5 },
    { kind: "bound", at: 80, y: 11.6 },
  ]);
});

it("gives a wave whose number nobody said none", () => {
  expect(waveNumber({ wave: 1, name: "the wave" })).toBe("–");
  expect(waveNumber({ wave: 2, name: "wave 2" })).toBe("2");
});

it("speaks of load limits only where there are some", () => {
  const busy = (agent_id: string, planned_ms: number, limit_ms: number | null) => ({ agent_id, planned_ms, limit_ms });
  expect(describeLimits([busy("x", 90, null)])).toBe(". No agent has a load limit.");
  expect(describeLimits([busy("x", 90, 100), busy("y", 90, null)])).toContain(
    "every agent that has a load limit at least",
  );
  expect(describeLimits([busy("x", 95, 100), busy("y", 90, 100)])).toContain("within 5 % of it: x.");
  // Where a wave places nothing, its limit may be 0 as well.
  expect(describeLimits([busy("x", 0, 0), busy("y", 0, 0)])).toBe("; the mark is its load limit.");
});

it("names the agent that is missed most: no plan, then weight left out, then the goal", () => {
  const absence = (agent_id: string, costs: number | null, leaves_out_more: number, infeasible = false) => ({
    ...{ agent_id, without: { costs, leaves_out_more, infeasible, left_out: ["t1", "t2"] } },
  });
  const [ann, cat] = [absence("ann", -1200, 5), absence("cat", 224, 0)];
  expect(describeDearest([ann, cat], "makespan_ms")).toMatch(/without ann: t1, t2, a weight of 5 more, would be/);
  expect(describeDearest([cat, { ...ann, agent_id: "eve" }, ann], "makespan_ms")).toMatch(
    /eve or without ann: a weight/,
  );
  expect(describeDearest([cat, absence("bob", 3, 0)], "makespan_ms")).toMatch(/without cat: 224 of makespan_ms/);
  expect(describeDearest([cat, absence("dan", null, 0, true)], "makespan_ms")).toMatch(
    /No plan is possible without dan/,
  );
  expect(describeDearest([absence("cat", 0, 0)], "success")).toBeNull();
});

it.each([
  ["wave1_task029", 13, "wave1_task029"],
  ["wave1_task029", 11, "…task029"],
  ["wave1_task029", 7, "…ask029"],
  ["wave1_29", 6, "…e1_29"],
])("shows as much of %s as fits in %i places", (id, numFit, shown) => {
  expect(fitId(id, numFit)).toBe(shown);
});
