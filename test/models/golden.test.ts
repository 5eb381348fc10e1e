import { describe, expect, it } from "vitest";
import { formatLp } from "../../models/lp-format.js";
import { mixModel } from "../../models/mix.js";
import { STRATEGY_MODELS } from "../../models/strategies.js";
import { goalChain, type StrategyModel } from "../../models/strategy.js";
import { goldenInstance, timedInstance } from "../support/small-instance.js";

const MIX = mixModel([
  { key: "success", weight: 0.5, ideal: 3, nadir: 2 },
  { key: "throughput", weight: 0.3, ideal: 700, nadir: 1100 },
  { key: "balance", weight: 0.2, ideal: 600, nadir: 900 },
]);
const MODELS: Record<string, StrategyModel> = { ...STRATEGY_MODELS, mix: MIX };

describe("golden programs", () => {
  for (const [name, model] of Object.entries(MODELS)) {
    it(`${name}: every stage reads as its header says`, async () => {
      const instance = goldenInstance();
      const { goals } = goalChain(instance, model);
      const settled = [];
      for (const [k, goal] of goals.entries()) {
        const text = formatLp(model.build(instance, { goal, settled }).program);
        await expect(text).toMatchFileSnapshot(`golden/${name}.${k}-${goal.name}.lp`);
        settled.push({ goal, value: k === 0 ? 1 : goal.sense === "min" ? 900 : 1.5 });
      }
    });
  }

  it("start times: the rows of order, absences and pools read as their formulas say", async () => {
    const instance = timedInstance();
    const [deferral, goal] = goalChain(instance, STRATEGY_MODELS.maximize_throughput).goals;
    const open = STRATEGY_MODELS.maximize_throughput.build(instance, { goal: goal!, settled: [] });
    await expect(formatLp(open.program)).toMatchFileSnapshot("golden/start-times.open.lp");
    const settled = [{ goal: deferral!, value: 0 }];
    const closed = STRATEGY_MODELS.maximize_throughput.build(instance, { goal: goal!, settled });
    await expect(formatLp(closed.program)).toMatchFileSnapshot("golden/start-times.closed.lp");
  });

  it("drops the deferral variables once deferral is settled at zero", () => {
    const instance = goldenInstance();
    const [zero, first] = goalChain(instance, STRATEGY_MODELS.maximize_success).goals;
    const { program } = STRATEGY_MODELS.maximize_success.build(instance, {
      goal: first!,
      settled: [{ goal: zero!, value: 0 }],
    });
    expect(program.variableNames.filter((variable) => variable.startsWith("u["))).toEqual([]);
  });
});
