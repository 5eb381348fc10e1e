import { describe, expect, it } from "vitest";
import { EMPTY_STATE, type LearnedStateDocument } from "../../src/domain/schemas/learned-state.js";
import { learnedStateText, parseLearnedState, readLearnedState } from "../../src/files/index.js";
import { messageOf, writeScratch } from "./scratch.js";

const evidence: LearnedStateDocument["real"]["evidence"] = [
  {
    ...{ agent_id: "a", task_type: null, risk_level: "LOW" },
    trials: [
      [0.5, 3, 1],
      [0.75, 2, 2],
    ],
    log_times: { count: 2, mean: 3.5, squares: 0.1 },
    gains: { count: 0, mean: 0, squares: 0 },
  },
];
const STATE: LearnedStateDocument = {
  ...EMPTY_STATE,
  run_id: "0123456789ab",
  updated: "2026-03-01T00:00:00Z",
  real: {
    outcomes: 4,
    evidence,
    restated_agents: ["agent_0"],
    heuristic_weights: { H16_002: 1.05, H16_001: 0.95 },
    heuristic_performance: { H16_001: { applications: 4, successes: 2 } },
    phase17_performance: { H16_001: { applications: 3, successes: 1 } },
    strategies: { maximize_success: { waves: 1, mean_reward: 1, squares: 0.01 } },
  },
  runs: [{ run_id: "0123456789ab", outcomes: 4 }],
};

const changed = (path: (string | number)[], value: unknown): string => {
  const json = JSON.parse(learnedStateText(STATE)) as Record<string | number, unknown>;
  const parent = path
    .slice(0, -1)
    .reduce<Record<string | number, unknown>>((node, key) => node[key] as typeof node, json);
  parent[path.at(-1)!] = value;
  return JSON.stringify(json);
};

describe("a learned state", () => {
  it("comes back from its text, which is the same for every order of keys", async () => {
    const text = learnedStateText(STATE);
    expect(parseLearnedState(text, "s.json")).toEqual(STATE);
    const turned = Object.fromEntries(Object.entries(STATE).reverse()) as LearnedStateDocument;
    expect(learnedStateText(turned)).toBe(text);
    expect(text.indexOf("H16_001")).toBeLessThan(text.indexOf("H16_002"));
    expect(text).toMatch(/^\{\n {2}"format": "phase19-learned-state",\n[^]*\}\n$/);
    const root = writeScratch({ "s.json": text });
    expect(await readLearnedState(`${root}/s.json`)).toEqual(STATE);
  });

  it.each<[string, string, string]>([
    ["no JSON", "{", "s.json: is not JSON"],
    ["a foreign file", '{"phase": 19}', "s.json: format: is missing; give a learned_state.json"],
    ["another format", changed(["format"], "pickle"), 's.json: format: "pickle" is not phase19-learned-state'],
    ["a newer version", changed(["schema_version"], 2), "s.json: schema_version: 2 is newer than 1"],
    ["an unknown field", changed(["real", "wieghts"], {}), "s.json: real.wieghts: unknown field"],
    ["a missing field", changed(["real", "outcomes"], undefined), "s.json: real.outcomes: is missing"],
    ["a weight out of range", changed(["real", "heuristic_weights", "H16_001"], 9), "9 is greater than 1.5"],
    [
      "too many successes",
      changed(["real", "evidence", 0, "trials", 0, 2], 4),
      "s.json: real.evidence[0].trials[0]: 4 successes of 3 attempts",
    ],
    ["trials out of order", changed(["real", "evidence", 0, "trials", 1, 0], 0.5), "confidence 0.5 does not ascend"],
    [
      "moments of nothing",
      changed(["real", "evidence", 0, "gains", "mean"], 1),
      "real.evidence[0].gains: mean 1 and squares 0 of 0 measurements",
    ],
    ["a kind twice", changed(["real", "evidence"], [...evidence, ...evidence]), "s.json: real.evidence[1]: "],
    ["a run twice", changed(["runs"], [...STATE.runs, ...STATE.runs]), "s.json: runs[1]: 0123456789ab is listed twice"],
    [
      "too many successes of a heuristic",
      changed(["real", "heuristic_performance", "H16_001", "successes"], 5),
      "5 successes of 4 applications",
    ],
  ])("is refused with %s", async (_name, text, message) => {
    expect(await messageOf(() => parseLearnedState(text, "s.json"))).toContain(message);
  });
});
