import { describe, expect, it } from "vitest";
import type { OutcomeRow } from "../../../src/domain/history.js";
import { buildPredictor } from "../../../src/planner/prediction/predictor.js";
import { NO_HEURISTICS } from "../../../src/domain/history.js";
import { history, row } from "./worlds.js";

const AGENTS = ["agent_0", "agent_1", "agent_2"];
const TYPES = ["etl", "ml", "web"];

/** Rows of every agent at every type, with what was measured of each pair. */
function measured(pair: (agent: number, type: number) => Partial<OutcomeRow>): OutcomeRow[] {
  return AGENTS.flatMap((agentId, agent) =>
    TYPES.flatMap((taskType, type) =>
      Array.from({ length: 4 }, (_, k) =>
        row({
          ...{ taskId: `${agentId}-${taskType}-${k}`, agentId, taskType },
          ...{ executionTimeMs: 20 * (1 + agent) * (1 + 0.1 * k), confidenceDelta: 0.01 * (1 + type) + 0.002 * k },
          ...pair(agent, type),
        }),
      ),
    ),
  );
}

describe("times and gains that were not measured of the same agents and types", () => {
  const isTimed = (agent: number, type: number): boolean => agent + type > 0 && agent !== 2;
  const isGained = (agent: number, type: number): boolean => type !== 1 && (agent !== 1 || type === 2);
  const untimed = { executionTimeMs: null };
  const ungained = { confidenceDelta: null };
  const both = measured((agent, type) => ({
    ...(isTimed(agent, type) ? {} : untimed),
    ...(isGained(agent, type) ? {} : ungained),
  }));
  const predictor = (outcomes: OutcomeRow[]) => buildPredictor({ tasks: [] }, history({ outcomes }), NO_HEURISTICS);
  const near = (value: object): object =>
    Object.fromEntries(Object.entries(value).map(([name, one]) => [name, expect.closeTo(one as number, 10)]));

  it("are predicted as if there were nothing but times, and nothing but gains", () => {
    const together = predictor(both);
    const times = predictor(both.map((one) => ({ ...one, ...ungained })));
    const gains = predictor(both.map((one) => ({ ...one, ...untimed })));
    for (const agentId of [...AGENTS, "stranger"]) {
      for (const taskType of [...TYPES, "unseen", null]) {
        const { duration, gain } = together(agentId, taskType, "LOW");
        expect(duration).toEqual(near(times(agentId, taskType, "LOW").duration));
        expect(gain).toEqual(near(gains(agentId, taskType, "LOW").gain));
      }
    }
  });
});
