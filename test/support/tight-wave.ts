import { drawingRandom } from "./drawing-random.js";

const SKILLS = ["a", "b", "c"];

/** A wave under skills, deadlines and a budget, all of them tight, that can be placed whole only with care. */
export function tightWave(seed: number, numTasks: number, numAgents: number) {
  const random = drawingRandom(seed);
  const agents = Array.from({ length: numAgents }, (_, k) => ({
    agent_id: `agent_${k}`,
    skills: SKILLS.filter((_skill, s) => s === k % SKILLS.length || random.unit() < 0.5),
  }));
  const meanLoadMs = (3000 * numTasks) / numAgents;
  let budget = 0;
  const tasks = Array.from({ length: numTasks }, (_, k) => {
    const lengthMs = 1000 + 4000 * random.unit();
    const skills = random.unit() < 0.5 ? [SKILLS[random.below(SKILLS.length)]!] : [];
    const estimates = Object.fromEntries(
      agents.map(({ agent_id }) => {
        const success_probability = 0.4 + 0.59 * random.unit();
        const duration_ms = lengthMs * (0.7 + 0.6 * random.unit());
        const others = { retries: 0, confidence_delta: 0.1 * random.unit(), cost: 1 + 9 * random.unit() };
        return [agent_id, { success_probability, duration_ms, ...others }];
      }),
    );
    const costs = agents
      .filter((agent) => skills.every((skill) => agent.skills.includes(skill)))
      .map(({ agent_id }) => estimates[agent_id]!.cost);
    const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
    budget += 0.75 * Math.min(...costs) + 0.25 * mean;
    return {
      task_id: `task_${String(k).padStart(3, "0")}`,
      ...{ risk_level: "LOW", confidence: 0.8, weight: 1 + random.below(3), required_skills: skills, estimates },
      ...(random.unit() < 0.6 ? { deadline_ms: Math.round(3000 + 1.05 * meanLoadMs * random.unit()) } : {}),
    };
  });
  return { agents, tasks, options: { load_limit: "none", budget: Math.round(budget) } };
}
