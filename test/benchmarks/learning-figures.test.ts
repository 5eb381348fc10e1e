import { describe, expect, it } from "vitest";
import { noCalibration } from "../../benchmarks/learning/calibration.js";
import { calibrationFigures } from "../../benchmarks/learning/calibration-figures.js";
import { comparisonFigures } from "../../benchmarks/learning/comparison-figures.js";
import { type Figure, figuresOf } from "../../benchmarks/learning/figures.js";
import { meanInterval, quantileOfT } from "../../benchmarks/learning/intervals.js";
import type { JobOutcome, PolicyOutcome } from "../../benchmarks/learning/play-world.js";
import {
  FROZEN,
  HEURISTIC_NAMES,
  INFORMED,
  learningName,
  ORACLE,
  ROUTER,
  TOLD_NO_TYPE,
} from "../../benchmarks/learning/policies.js";
import { advantageShare, ceilingShare, type Cell, LEARNED } from "../../benchmarks/learning/results.js";
import { firstNaming } from "../../benchmarks/learning/watch.js";
import type { WorldName } from "../../benchmarks/learning/worlds.js";

const OWN = learningName(0);

/** Every policy the same score in every wave: heuristics 20, the oracle 30, ours as given, wave by wave or throughout. */
function outcomeWith(
  world: WorldName,
  seed: number,
  own: (wave: number) => Partial<PolicyOutcome["scores"][0]>,
): JobOutcome {
  const scores = (score: (wave: number) => Partial<PolicyOutcome["scores"][0]>): PolicyOutcome["scores"] =>
    Array.from({ length: 20 }, (_, k) => {
      const nothing = { success: 0, placed: 40, expectedMakespanMs: 0, realisedMakespanMs: 0, watchedTasks: 0 };
      return { ...nothing, ...score(k + 1) };
    });
  const plain = scores(() => ({ success: 20, expectedMakespanMs: 200, realisedMakespanMs: 200 }));
  const best = scores(() => ({ success: 30, expectedMakespanMs: 100, realisedMakespanMs: 100, watchedTasks: 10 }));
  return {
    job: { world, numAgents: 6, seed, numWaves: 20, explorations: [0] },
    watched: "agent_01",
    policies: {
      ...Object.fromEntries([...HEURISTIC_NAMES, FROZEN, ROUTER].map((name) => [name, { scores: plain }])),
      [OWN]: { scores: scores(own), alarms: [{ wave: 12, type: "prediction_error", agents: ["agent_01"] }] },
      [INFORMED]: { scores: scores(() => ({ success: 28, expectedMakespanMs: 105, realisedMakespanMs: 105 })) },
      [ORACLE]: { scores: best },
    },
    control: [{ wave: 15, type: "prediction_error", agents: ["agent_01"] }],
    wallMs: 1,
  };
}

function cellOf(world: WorldName, ...owns: ((wave: number) => Partial<PolicyOutcome["scores"][0]>)[]): Cell {
  return { world, numAgents: 6, outcomes: owns.map((own, k) => outcomeWith(world, k + 1, own)) };
}

function verdictsOf(cell: Cell): Record<string, Figure["verdict"]> {
  return Object.fromEntries(figuresOf(cell, 0).map(({ figure, verdict }) => [figure, verdict]));
}

describe("figures", () => {
  it("measure shares of what the informed Bayesian and the oracle win over round robin, from wave 10 on", () => {
    const outcome = outcomeWith("opposite", 1, (wave) => ({ success: wave < 10 ? 0 : 29 }));
    expect(advantageShare(outcome, OWN, LEARNED)).toBeCloseTo(0.9, 12);
    expect(advantageShare(outcome, ORACLE, LEARNED)).toBe(1);
    const name = "share of the informed Bayesian's advantage, waves 10 on";
    // Of 8 more than round robin: 98 % are 27.84.
    expect(verdictsOf(cellOf("opposite", () => ({ success: 27.85 })))[name]).toBe("met");
    expect(verdictsOf(cellOf("opposite", () => ({ success: 27.83 })))[name]).toBe("missed");
    const uneven = cellOf(
      "opposite",
      () => ({ success: 27 }),
      () => ({ success: 28 }),
    );
    expect(ceilingShare(uneven, OWN, LEARNED)).toMatchObject({ mean: 7.5 / 8, least: 7 / 8 });
    expect(verdictsOf(uneven)[name]).toBe("within_interval");
  });

  it("call a policy worse than the best heuristic beyond the interval only", () => {
    const name = "against the best heuristic, waves 10 on";
    expect(
      verdictsOf(
        cellOf(
          "star",
          () => ({ success: 19 }),
          () => ({ success: 18.9 }),
        ),
      )[name],
    ).toBe("missed");
    expect(
      verdictsOf(
        cellOf(
          "star",
          () => ({ success: 19 }),
          () => ({ success: 20.5 }),
        ),
      )[name],
    ).toBe("within_interval");
  });

  it("count a naming between waves 10 and 14, and nothing later", () => {
    const verdicts = verdictsOf(cellOf("degrades", () => ({ success: 28 })));
    expect(verdicts["named by the monitor by wave 14"]).toBe("met");
    expect(verdicts["control, 30 tasks a wave, named by wave 14"]).toBe("missed");
    expect(verdicts["share of the oracle's advantage, waves 15 on"]).toBe("met");
    expect(firstNaming([{ wave: 3, type: "x", agents: ["a"] }], "a", 10)).toBeNull();
  });

  it("hold a new agent's tasks against the oracle's", () => {
    const found = verdictsOf(cellOf("new-agent-good", (wave) => ({ watchedTasks: wave < 8 ? 7 : 9 })));
    expect(found["tasks of the new agent in waves 6–8, of the oracle's"]).toBe("missed");
    const avoided = verdictsOf(cellOf("new-agent-bad", () => ({ watchedTasks: 13 })));
    expect(avoided["share of tasks of the new agent in waves 6–20, over the oracle's"]).toBe("missed");
  });

  it("want makespans near the informed Bayesian's and far below the least loaded plan's", () => {
    const near = (ms: number) => () => ({ expectedMakespanMs: ms, realisedMakespanMs: ms });
    expect(Object.values(verdictsOf(cellOf("throughput", near(115))))).not.toContain("missed");
    expect(Object.values(verdictsOf(cellOf("throughput", near(116))))).toContain("missed");
  });

  it("compare Brier scores with the truth's and count what intervals hold", () => {
    const cell = cellOf("star", () => ({ success: 25 }));
    const calibration = {
      ...noCalibration(),
      pairs: 100,
      trueBrier: 20,
      ownBrier: 21,
      priorBrier: 20.5,
      coveredOfKind: 90,
    };
    const outcome = cell.outcomes[0]!;
    const policies = { ...outcome.policies, [OWN]: { ...outcome.policies[OWN]!, calibration } };
    const figures = calibrationFigures({ ...cell, outcomes: [{ ...outcome, policies }] }, 0);
    expect(figures.slice(0, 3).map(({ verdict }) => verdict)).toEqual(["met", "missed", "met"]);
    expect(calibrationFigures({ ...cell, world: "degrades" }, 0)).toEqual([]);
  });
});

describe("comparison figures", () => {
  const withChanges = (world: WorldName, changes: NonNullable<PolicyOutcome["changes"]>): Cell => {
    const outcome = outcomeWith(world, 1, () => ({ success: 25 }));
    return {
      world,
      numAgents: 6,
      outcomes: [{ ...outcome, policies: { ...outcome.policies, [OWN]: { ...outcome.policies[OWN]!, changes } } }],
    };
  };
  const verdicts = (...cells: Cell[]): Record<string, Figure["verdict"]> =>
    Object.fromEntries(comparisonFigures(cells, 0).map(({ figure, verdict }) => [figure, verdict]));

  it("call a change false unless it is of the agent that changed, of success, from then on", () => {
    const found = (agentId: string, wave: number, what: "success" | "time" = "success") => ({ agentId, wave, what });
    const isTrue = withChanges("degrades", [found("agent_01", 10)]);
    expect(verdicts(isTrue)).toMatchObject({ "false changes of success a run": "met" });
    for (const one of [found("agent_01", 9), found("agent_02", 12)]) {
      expect(verdicts(withChanges("degrades", [one]))["false changes of success a run"]).toBe("missed");
    }
    const ofTime = withChanges("degrades", [found("agent_01", 12, "time")]);
    expect(verdicts(ofTime)).toMatchObject({
      "false changes of success a run": "met",
      "false changes of time a run": "missed",
    });
  });

  it("judge alarms in worlds that stay as they are alone", () => {
    expect(verdicts(withChanges("degrades", []))).not.toHaveProperty("runs with an alarm, stationary worlds");
    expect(verdicts(withChanges("star", []))["runs with an alarm, stationary worlds"]).toBe("missed");
  });

  it("compare seeds of the world with useless types and of that without, and first words with no type", () => {
    const plain = cellOf("untyped-risk", () => ({ success: 25 }));
    const name = "successes lost to types that mean nothing, of all tasks, waves 10 on";
    expect(
      verdicts(
        plain,
        cellOf("useless-types", () => ({ success: 24.7 })),
      )[name],
    ).toBe("met");
    expect(
      verdicts(
        plain,
        cellOf("useless-types", () => ({ success: 24.5 })),
      )[name],
    ).toBe("missed");
    const words = cellOf("hidden-types", () => ({ success: 26 }));
    const outcome = words.outcomes[0]!;
    const told = (success: number): Cell => ({
      ...words,
      outcomes: [
        {
          ...outcome,
          policies: { ...outcome.policies, [TOLD_NO_TYPE]: outcomeWith("star", 1, () => ({ success })).policies[OWN]! },
        },
      ],
    });
    const gain = "advantage with first words over that without a type, waves 10 on";
    expect(verdicts(told(23))[gain]).toBe("met");
    expect(verdicts(told(24))[gain]).toBe("missed");
  });
});

describe("intervals", () => {
  it("are Student's", () => {
    expect(quantileOfT(49)).toBeCloseTo(2.0096, 3);
    expect(quantileOfT(9)).toBeCloseTo(2.2622, 3);
    const { mean, halfWidth, least } = meanInterval([1, 2, 3, 4]);
    expect([mean, least]).toEqual([2.5, 1]);
    expect(halfWidth).toBeCloseTo((3.1824 * Math.sqrt(5 / 3)) / 2, 1);
  });
});
