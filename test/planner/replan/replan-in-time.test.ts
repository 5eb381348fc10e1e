import { afterAll, expect, it } from "vitest";
import { KeyedStream } from "../../../src/domain/keyed-stream.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import type { WaveEvent } from "../../../src/domain/schemas/index.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { replan } from "../../../src/planner/replan/replan.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { fillFromPrior, solve, verify } from "../../../src/planner/solve/solve.js";
import { randomTimedDocument } from "../../support/timed/random-wave.js";
import { untimelyAttempts } from "../../support/untimely-attempts.js";

afterAll(closeSolvers);

const CALL = { workLimit: 8_000, timeLimitMs: 60_000, strategy: "maximize_throughput" } as const;

/** What the plan says has happened by then. */
function played({ schedule }: ResultDocument, atMs: number): WaveEvent[] {
  return schedule
    .filter(({ start_ms }) => start_ms < atMs)
    .flatMap(({ task_id, agent_id, start_ms, end_ms }): WaveEvent[] => [
      { at_ms: start_ms, event: "started", task_id, agent_id },
      ...(end_ms <= atMs ? [{ at_ms: end_ms, event: "ended", task_id } as const] : []),
    ]);
}

it("keeps releases, absences, departures and pools where a wave in which they bind is planned again", async () => {
  let numPlanned = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const { options: own, ...document } = randomTimedDocument(seed);
    const wave = { ...document, options: { ...own, no_defer: false } };
    const luck = new KeyedStream(seed, "planned again");
    const plan = await solve(wave, CALL);
    if (plan.schedule.length === 0) continue;
    const atMs = plan.expected.makespan_ms! * 0.5 * luck.uniform();
    const agentId = wave.agents[Math.floor(luck.uniform() * wave.agents.length)]!.agent_id;
    const event = luck.uniform() < 0.5 ? "agent_down" : "agent_up";
    const events = [...played(plan, atMs), { at_ms: atMs, event, agent_id: agentId } as const];
    const { result, problem: rest } = await replan(plan, wave, events, CALL);
    expect([seed, verify(result, rest, { ...CALL, plan, stay: 0.0005 }).verdict]).not.toContain("invalid");
    const running = new Set(plan.schedule.filter((row) => row.start_ms < atMs).map(({ task_id }) => task_id));
    const next = result.schedule.filter(({ task_id }) => !running.has(task_id));
    for (const { start_ms, agent_id } of next) {
      expect(start_ms).toBeGreaterThanOrEqual(atMs - 1e-6);
      if (event === "agent_down") expect(agent_id).not.toBe(agentId);
    }
    const attempts = result.schedule.map((row) => {
      const [taskId, agent] = [row.task_id, row.agent_id];
      return { taskId, agentId: agent, startMs: row.start_ms, endMs: row.end_ms };
    });
    const parsed = parseProblem(wave, "wave");
    const full = fillFromPrior(parsed, resolveOptions(parsed.options, {}));
    const faults = untimelyAttempts(full, attempts).filter((fault) => !running.has(fault.split(" ")[0]!));
    expect([seed, faults]).toEqual([seed, []]);
    numPlanned += next.length;
  }
  expect(numPlanned).toBeGreaterThan(10);
});
