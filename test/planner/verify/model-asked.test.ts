import { describe, expect, it } from "vitest";
import { mixModel, STRATEGY_MODELS, type StrategyModel } from "../../../models/index.js";
import type { ResultDocument, SolveOptions } from "../../../src/domain/index.js";
import { customModel, defineStrategy } from "../../../src/planner/instance/custom-strategy.js";
import { customOf, modelOf } from "../../../src/planner/verify/model-asked.js";
import { askedOf, findingsOf } from "../../support/claims.js";
import { agents, task } from "../../support/documents.js";

type Stated = Partial<Pick<ResultDocument["objective"], "terms" | "value">>;
const weights = { success: 3, cost: 0, throughput: 1 } as SolveOptions["weights"];
const term = (name: string, weight: number) => ({ name, weight, ideal: 2, nadir: 4, value: 3 });
const terms = [term("success", 3), term("throughput", 1)];

/** What is found, and the model. */
function read(strategy: ResultDocument["strategy"], asked: SolveOptions["strategy"], stated: Stated) {
  const result = { strategy, objective: { name: "mine", value: 1, ...stated } } as ResultDocument;
  const found: { model: StrategyModel | null } = { model: null };
  const findings = findingsOf((list) => {
    found.model = modelOf(result, { strategy: asked, weights } as SolveOptions, list);
  });
  return { findings, ...found };
}

describe("the model that a result was solved with", () => {
  it("is that of its strategy, which has no terms", () => {
    const { findings, model } = read("minimize_cost", "minimize_cost", {});
    expect(findings).toEqual(["objective.terms: none"]);
    expect(model).toBe(STRATEGY_MODELS.minimize_cost);
    expect(read("minimize_cost", "minimize_cost", { terms }).findings).toEqual([
      "not objective.terms: only a mix has terms",
    ]);
  });

  it("is none where another strategy was asked for, and an error where a caller's was not given again", () => {
    expect(read("minimize_cost", "balance_load", {})).toEqual({ findings: [], model: null });
    expect(() => read("custom", "minimize_cost", {})).toThrow(
      'result: has the goal "mine", which its caller defined, so it cannot be verified without it; give the same strategy to verify',
    );
  });

  it("is the mix of the weights that were asked for", () => {
    const { findings, model } = read("mix", "mix", { terms });
    expect(findings).toEqual(["objective.terms: success, throughput"]);
    const { instance } = askedOf({ agents: agents({}), tasks: [task("t1", "a", 10)] });
    const due = mixModel([
      { key: "success", weight: 3, ideal: 2, nadir: 4 },
      { key: "throughput", weight: 1, ideal: 2, nadir: 4 },
    ]);
    expect(model!.first.on(instance).perPair).toEqual(due.first.on(instance).perPair);
    expect(model!.first.on(instance).constant).toBe(due.first.on(instance).constant);
  });

  it.each<[string, Stated, string]>([
    ["a term less", { terms: terms.slice(1) }, "throughput"],
    ["a term more", { terms: [...terms, term("cost", 0)] }, "success, throughput, cost"],
    ["another order", { terms: terms.toReversed() }, "throughput, success"],
    ["another goal", { terms: [term("cost", 3), terms[1]!] }, "cost, throughput"],
    ["another weight", { terms: [terms[0]!, term("throughput", 2)] }, "success, throughput"],
    ["no terms of a plan", { terms: [] }, ""],
    ["terms of no plan that are not all", { value: null, terms: [terms[0]!] }, "success"],
    ["nothing", {}, "missing"],
    ["nothing, of no plan", { value: null }, "missing"],
  ])("is no mix of %s", (_, stated, detail) => {
    expect(read("mix", "mix", stated)).toEqual({ findings: [`not objective.terms: ${detail}`], model: null });
  });

  it("may have no terms where there is no plan", () => {
    const { findings, model } = read("mix", "mix", { value: null, terms: [] });
    expect(findings).toEqual(["objective.terms: "]);
    expect(model!.first.name).toBe("mix");
  });
});

describe("the model of a caller's strategy", () => {
  const goal = defineStrategy({ name: "mine", sense: "min", perTask: ({ cost }) => cost });
  const { problem } = askedOf({ agents: agents({}), tasks: [task("t1", "a", 10)] });

  it("is that of the strategy, given again", () => {
    const found: { model: StrategyModel | null } = { model: null };
    const of = (strategy: ResultDocument["strategy"]): string[] =>
      findingsOf((list) => {
        found.model = customOf({ strategy } as ResultDocument, problem, goal, list);
      });
    expect(of("custom")).toEqual(["custom strategy: custom"]);
    expect(found.model!.problemClass).toBe(customModel(goal, problem).problemClass);
    expect(of("minimize_cost")).toEqual(["not custom strategy: minimize_cost"]);
    expect(found.model).toBeNull();
  });
});
