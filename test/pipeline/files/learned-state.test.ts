import { describe, expect, it } from "vitest";
import { EMPTY_STATE, type LearnedStateDocument } from "../../../src/domain/schemas/learned-state.js";
import { learnedStateText, parseLearnedState, readLearnedState } from "../../../src/pipeline/files/learned-state.js";
import { messageOf, writeScratch } from "./scratch.js";

const evidence: LearnedStateDocument["real"]["evidence"] = {
  agents: ["a", "b"],
  task_types: ["code"],
  trials: [
    [0, null, 0, 0, 3, 1, 300, 2, 2, 300],
    [0, null, 0, 1, 1, 1, 100],
    [1, 0, null, 0, 5, 5, 900],
  ],
  log_times: [[0, null, 0, 2, 7000, 24_600_000]],
  gains: [[1, 0, 0, 1, -200, 40_000]],
};
const recent = [{ ...evidence, log_times: [], gains: [] }];
const STATE: LearnedStateDocument = {
  ...EMPTY_STATE,
  run_id: "0123456789ab",
  updated: "2026-03-01T00:00:00Z",
  real: {
    outcomes: 4,
    evidence,
    recent,
    history_waves: [1, 3],
    run_waves: 1,
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
    expect(text).toMatch(
      /^\{\n "format": "phase19-learned-state",\n[^]*\n {4}\[0,null,0,0,3,1,300,2,2,300\],\n[^]*\}\n$/,
    );
    const root = writeScratch({ "s.json": text });
    expect(await readLearnedState(`${root}/s.json`)).toEqual(STATE);
  });

  it.each<[string, string, string]>([
    ["no JSON", "{", "s.json: is not JSON"],
    ["a foreign file", '{"phase": 19}', "s.json: format: is missing; give a learned_state.json"],
    ["another format", changed(["format"], "pickle"), 's.json: format: "pickle" is not phase19-learned-state'],
    ["a newer version", changed(["schema_version"], 4), "s.json: schema_version: 4 is newer than 3"],
    ["an unknown field", changed(["real", "wieghts"], {}), "s.json: real.wieghts: unknown field"],
    ["a missing field", changed(["real", "outcomes"], undefined), "s.json: real.outcomes: is missing"],
    ["a weight out of range", changed(["real", "heuristic_weights", "H16_001"], 9), "9 is greater than 1.5"],
    [
      "too many successes",
      changed(["real", "evidence", "trials", 0, 5], 4),
      "s.json: real.evidence.trials[0]: 4 successes of 3 attempts",
    ],
    ["half a band", changed(["real", "evidence", "trials", 0, 10], 1), "7 numbers are not bands of 3"],
    ["an empty band", changed(["real", "evidence", "trials", 1, 4], 0), "1 successes of 0 attempts"],
    ["rows out of order", changed(["real", "evidence", "trials", 1, 3], 0), "trials[1]: [0,null,0,0] does not ascend"],
    ["an agent nobody lists", changed(["real", "evidence", "trials", 2, 0], 2), "trials[2]: place 2 in a list of 2"],
    ["a type nobody lists", changed(["real", "evidence", "gains", 0, 1], 1), "gains[0]: place 1 in a list of 1"],
    ["a risk nobody knows", changed(["real", "evidence", "trials", 2, 2], 3), "trials[2]: place 3 in a list of 3"],
    ["agents out of order", changed(["real", "evidence", "agents"], ["b", "a"]), 'agents[1]: "a" does not ascend'],
    [
      "squares that cannot be",
      changed(["real", "evidence", "log_times", 0, 5], 1),
      "2 measurements cannot sum to 7000",
    ],
    ["a damaged recent wave", changed(["real", "recent", 0, "trials", 0, 5], 4), "recent[0].trials[0]: 4 successes"],
    ["a run twice", changed(["runs"], [...STATE.runs, ...STATE.runs]), "s.json: runs[1]: 0123456789ab is listed twice"],
    [
      "too many successes of a heuristic",
      changed(["real", "heuristic_performance", "H16_001", "successes"], 5),
      "5 successes of 4 applications",
    ],
  ])("is refused with %s", async (_name, text, message) => {
    expect(await messageOf(() => parseLearnedState(text, "s.json"))).toContain(message);
  });

  /** A compartment or state as an older version had it. */
  const without = <T extends object>(record: T, ...names: string[]): Partial<T> =>
    Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name))) as Partial<T>;

  it("of version 2 is read as the newest, with its waves counted and its types folded", () => {
    const older = (compartment: LearnedStateDocument["real"]): object =>
      without(compartment, "history_waves", "run_waves");
    const spelt = {
      ...evidence,
      task_types: ["Code", "code"],
      trials: [
        [0, 0, 0, 0, 3, 1, 300],
        [0, 1, 0, 0, 2, 2, 300],
      ],
    };
    const second = {
      ...without(STATE, "type_from"),
      schema_version: 2,
      files: [1, 4, 4].map((wave, k) => ({
        ...{
          name: `phase18/wave_${wave}/a${k}/task_outcomes.jsonl`,
          sha256: `${k}`,
          bytes: 1,
          rows: 1,
          head_sha256: "0",
        },
      })),
      real: { ...older(STATE.real), evidence: spelt },
      simulated: older(EMPTY_STATE.simulated),
    };
    const state = parseLearnedState(JSON.stringify(second), "s.json");
    expect([state.schema_version, state.type_from]).toEqual([3, null]);
    expect([state.real.history_waves, state.real.run_waves]).toEqual([[1, 4], 1]);
    expect(state.real.evidence.task_types).toEqual(["code"]);
    expect(state.real.evidence.trials).toEqual([[0, 0, 0, 0, 3, 1, 300, 2, 2, 300]]);
    expect(parseLearnedState(learnedStateText(state), "s.json")).toEqual(state);
  });

  it("of version 1 is read as the newest, nothing of it lost", () => {
    const withoutRecent = (compartment: LearnedStateDocument["real"]): object =>
      without(compartment, "recent", "phase17_performance", "history_waves", "run_waves");
    const first = {
      ...without(STATE, "type_from"),
      schema_version: 1,
      real: {
        ...withoutRecent(STATE.real),
        strategies: { maximize_success: { waves: 1, mean_reward: 1.5 } },
        evidence: [
          {
            ...{ agent_id: "a", task_type: null, risk_level: "LOW" },
            trials: [
              [0.5, 3, 1],
              [0.75, 2, 2],
            ],
            log_times: { count: 2, mean: 3.5, squares: 0.1 },
            gains: { count: 0, mean: 0, squares: 0 },
          },
        ],
      },
      simulated: { ...withoutRecent(EMPTY_STATE.simulated), evidence: [] },
    };
    const state = parseLearnedState(JSON.stringify(first), "s.json");
    expect(state.real.evidence).toEqual({
      ...{ agents: ["a"], task_types: [], gains: [] },
      trials: [[0, null, 0, 0, 3, 1, 300, 2, 2, 300]],
      log_times: [[0, null, 0, 2, 7000, 24_600_000]],
    });
    // Rewards were another quantity then.
    expect(state.real.strategies).toEqual({});
    const { strategies, phase17_performance } = STATE.real;
    const { history_waves, run_waves } = STATE.real;
    const lost = { evidence, recent, strategies, phase17_performance, history_waves, run_waves };
    expect({ ...state, real: { ...state.real, ...lost } }).toEqual(STATE);
    expect(parseLearnedState(learnedStateText(state), "s.json")).toEqual(state);
  });
});
