import { describe, expect, it } from "vitest";
import { drawOutcome } from "../../benchmarks/learning/outcomes.js";
import { startingHistory } from "../../benchmarks/learning/starting-history.js";
import { limitedAgents, tasksOf, typesBehind, visibleType } from "../../benchmarks/learning/tasks.js";
import { chanceOf, chanceOfKind, overallRate } from "../../benchmarks/learning/truth.js";
import { agentsOf, drawWorld, type World, WORLD_NAMES } from "../../benchmarks/learning/worlds.js";

const WAVES = Array.from({ length: 20 }, (_, k) => k + 1);
const SEEDS = [1, 2, 3, 4, 5];

function ratesOf({ agentIds, truth }: World): number[] {
  return agentIds.map((agentId) => overallRate(truth.skills[agentId]!, truth));
}

describe("worlds", () => {
  it.each(WORLD_NAMES)("are the same for the same seed, and others for another: %s", (world) => {
    const [first, again, other] = [7, 7, 8].map((seed) => drawWorld({ world, numAgents: 6, seed }));
    expect(again).toEqual(first);
    expect(other!.truth).not.toEqual(first!.truth);
    expect(tasksOf(again!, 3)).toEqual(tasksOf(first!, 3));
    expect(tasksOf(first!, 4)).not.toEqual(tasksOf(first!, 3));
    expect(startingHistory(again!)).toEqual(startingHistory(first!));
  });

  it("of titles tell by the first word how likely each type is", () => {
    const world = drawWorld({ world: "hidden-types", numAgents: 6, seed: 3 });
    const tasks = Array.from({ length: 200 }, (_, k) => tasksOf(world, k + 1)).flat();
    for (const word of ["add", "test"]) {
      const places = tasks.flatMap((task, k) => (visibleType(task) === word ? [k] : []));
      const shares = typesBehind(world, tasks[places[0]!]!);
      expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
      for (const { taskType, share } of shares) {
        const found = places.filter((k) => tasks[k]!.taskType === taskType).length / places.length;
        expect(Math.abs(found - share)).toBeLessThan(0.05);
      }
    }
    // A type that is given is known.
    const given = drawWorld({ world: "specialists", numAgents: 6, seed: 3 });
    const [task] = tasksOf(given, 1);
    expect(typesBehind(given, task!)).toEqual([{ taskType: task!.taskType, share: 1 }]);
  });

  it("of opposites give all agents one overall rate, and pairs skills that mirror each other", () => {
    for (const seed of SEEDS) {
      const world = drawWorld({ world: "opposite", numAgents: 6, seed });
      for (const rate of ratesOf(world)) expect(rate).toBeCloseTo(0.65, 9);
      const { skills } = world.truth;
      for (let j = 0; j < 6; j += 2) {
        const [one, other] = [skills[world.agentIds[j]!]!, skills[world.agentIds[j + 1]!]!];
        const sums = world.types.map((type) => one[type]! + other[type]!);
        for (const sum of sums) expect(sum).toBeCloseTo(sums[0]!, 9);
        expect(Math.max(...world.types.map((type) => Math.abs(one[type]! - other[type]!)))).toBeGreaterThan(1.5);
      }
    }
  });

  it("of specialists give nearly equal overall rates, two types to each agent and several experts to each type", () => {
    for (const numAgents of [6, 12]) {
      const world = drawWorld({ world: "specialists", numAgents, seed: 3 });
      const rates = ratesOf(world);
      expect(Math.max(...rates) - Math.min(...rates)).toBeLessThan(0.021);
      const experts = new Map(world.types.map((type) => [type, 0]));
      for (const skills of Object.values(world.truth.skills)) {
        const best = [...world.types].sort((a, b) => skills[b]! - skills[a]!);
        expect(skills[best[1]!]! - skills[best[2]!]!).toBeGreaterThan(1);
        for (const type of best.slice(0, 2)) experts.set(type, experts.get(type)! + 1);
      }
      expect(Math.min(...experts.values())).toBeGreaterThanOrEqual(2);
    }
  });

  it("lower the agent that degrades by exactly 40 points from wave 10 on, and nobody else", () => {
    const world = drawWorld({ world: "degrades", numAgents: 6, seed: 2 });
    const { agentId } = world.truth.change!;
    let numExact = 0;
    for (const task of WAVES.flatMap((wave) => tasksOf(world, wave))) {
      for (const other of world.agentIds) {
        const [before, after] = [9, 10].map((wave) => chanceOf(world.truth, { ...task, wave }, other));
        if (other !== agentId) expect(after).toBe(before);
        else if (before! > 0.42) {
          expect(before! - after!).toBeCloseTo(0.4, 12);
          numExact++;
        }
      }
    }
    expect(numExact).toBeGreaterThan(700);
  });

  it("let an agent join at wave 5, far above or far below the others, of whom history knows nothing", () => {
    for (const [world, sign] of [
      ["new-agent-good", 1],
      ["new-agent-bad", -1],
    ] as const) {
      const drawn = drawWorld({ world, numAgents: 6, seed: 4 });
      const rates = ratesOf(drawn);
      for (const rate of rates.slice(0, -1)) expect(sign * (rates.at(-1)! - rate)).toBeGreaterThan(0.2);
      expect(agentsOf(drawn, 4)).toEqual(drawn.agentIds.slice(0, -1));
      expect(agentsOf(drawn, 5)).toEqual(drawn.agentIds);
      expect(startingHistory(drawn).agents.map(({ agentId }) => agentId)).not.toContain(drawn.newcomer);
    }
  });

  it("know equal aggregates, three outcomes an agent where history is sparse, 10,000 where there is nothing to learn", () => {
    for (const [world, rows] of [
      ["specialists", 0],
      ["sparse", 18],
      ["nothing-to-learn", 10_000],
    ] as const) {
      const history = startingHistory(drawWorld({ world, numAgents: 6, seed: 1 }));
      expect(new Set(history.agents.map(({ successRate }) => successRate)).size).toBe(1);
      expect(history.outcomes.length).toBe(rows);
      expect(new Set(history.outcomes.map(({ taskId }) => taskId)).size).toBe(rows);
    }
  });

  it("draw outcomes as the truth has it", () => {
    const world = drawWorld({ world: "throughput", numAgents: 6, seed: 1 });
    let [successes, expected, variance, logTime] = [0, 0, 0, 0];
    const tasks = Array.from({ length: 100 }, (_, k) => tasksOf(world, k + 1)).flat();
    for (const task of tasks) {
      const agentId = "agent_01";
      const { succeeded, durationMs } = drawOutcome(world, task, agentId);
      const p = chanceOf(world.truth, task, agentId);
      successes += succeeded ? 1 : 0;
      expected += p;
      variance += p * (1 - p);
      logTime += Math.log(durationMs / world.truth.meanTimesMs[agentId]![task.taskType]!);
    }
    expect(Math.abs(successes - expected)).toBeLessThan(4 * Math.sqrt(variance));
    // Mean of the logarithm of a log-normal time with mean 1 and σ = .3, four standard errors to either side.
    expect(Math.abs(logTime / tasks.length + 0.045)).toBeLessThan(4 * (0.3 / Math.sqrt(tasks.length)));
  });

  it("give every task noise of its own, the same for all agents, that its kind does not have", () => {
    const world = drawWorld({ world: "star", numAgents: 6, seed: 1 });
    const [task] = tasksOf(world, 1);
    const logit = (p: number): number => Math.log(p / (1 - p));
    for (const agentId of world.agentIds) {
      const shift = logit(chanceOf(world.truth, task!, agentId)) - logit(chanceOfKind(world.truth, task!, agentId));
      expect(shift).toBeCloseTo(task!.noise, 9);
    }
  });

  it("limit agents alike, with room for all tasks", () => {
    for (const [numAgents, wave, limit] of [
      [6, 5, 9],
      [12, 5, 5],
      [6, 4, 10],
    ] as const) {
      const agents = limitedAgents(drawWorld({ world: "new-agent-good", numAgents, seed: 1 }), wave);
      expect(agents.map(({ maxTasks }) => maxTasks)).toEqual(agents.map(() => limit));
    }
  });
});
