import { describe, expect, it } from "vitest";
import { optionsToDocument, type SolveOptions } from "../../../src/domain/index.js";
import { checkOptions } from "../../../src/planner/verify/check-options.js";
import { askedOf, faultsOf, findingsOf } from "../../support/claims.js";
import { agents, task } from "../../support/documents.js";
import type { Draft } from "../../support/tampering.js";

const { asked } = askedOf({ agents: agents({}), tasks: [task("t1", "a", 10)] }, { strategy: "minimize_cost" });

function stating(options: Partial<SolveOptions>, strategy: Draft["strategy"] = "minimize_cost"): Draft {
  return { strategy, options: optionsToDocument({ ...asked, ...options }) } as Draft;
}

const CURE = "give the options again that it was solved with";

describe("the options of a result", () => {
  it("are those asked for, as far as they say what is solved", () => {
    expect(findingsOf((list) => checkOptions(stating({}), asked, list))).toEqual([
      "strategy: minimize_cost",
      'options.strategy: "minimize_cost"',
      "options.weights: confidence=0.1,retries=0.1,success=0.5,throughput=0.3",
      "options.load_limit: null",
      "options.budget: null",
      "options.defer_penalty: null",
      "options.no_defer: false",
      "options.max_retries: 2",
      "options.risk_aversion: 0",
      "options.optimism: 1",
      "options.exploration: 0",
      "options.explore_high_risk: false",
    ]);
  });

  it("may be of another search", () => {
    const search = stating({ seed: 9, threads: 2, workLimit: 7, timeLimitMs: 3, gap: 0.5, solver: "greedy" });
    expect(faultsOf((list) => checkOptions(search, asked, list))).toEqual([]);
  });

  it.each<[string, Draft, string[]]>([
    ["a budget", stating({ budget: 3 }), [`options.budget: states 3, document and call say null; ${CURE}`]],
    ["deferral", stating({ noDefer: true }), [`options.no_defer: states true, document and call say false; ${CURE}`]],
    [
      "a strategy",
      stating({ strategy: "balance_load" }, "balance_load"),
      [
        "strategy: balance_load, asked for minimize_cost",
        `options.strategy: states "balance_load", document and call say "minimize_cost"; ${CURE}`,
      ],
    ],
    ["a strategy beside its options", stating({}, "balance_load"), ["strategy: balance_load, asked for minimize_cost"]],
    [
      "options beside its strategy",
      stating({ strategy: "balance_load" }),
      [`options.strategy: states "balance_load", document and call say "minimize_cost"; ${CURE}`],
    ],
    ["a strategy of the caller, over that of the options", stating({}, "custom"), []],
  ])("may not be of another problem: %s", (_, result, expected) => {
    expect(faultsOf((list) => checkOptions(result, asked, list))).toEqual(expected);
  });

  it("may state weights in another order, not other weights", () => {
    const { weights } = asked;
    const turned = Object.fromEntries(Object.entries(weights).reverse()) as SolveOptions["weights"];
    expect(faultsOf((list) => checkOptions(stating({ weights: turned }), asked, list))).toEqual([]);
    const other = stating({ weights: { ...weights, success: 0.6 } });
    expect(faultsOf((list) => checkOptions(other, asked, list))[0]).toMatch(/^options\.weights: states .*0\.6/);
  });
});
