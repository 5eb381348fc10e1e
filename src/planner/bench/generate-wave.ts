import type { Random, RiskLevel } from "../../domain/index.js";
import type { AgentDocument, EstimateDocument, ProblemDocument } from "../../domain/schemas/index.js";
import { drawReal } from "./draw.js";
import { limitWave } from "./limit-wave.js";
import { makespanLowerBound } from "./makespan-lower-bound.js";
import { paddedId } from "./to-document.js";

/**
 * A wave as the product sees it: specialised agents, real durations and probabilities, drawn as the fixtures are. One attempt of agent
 * j at a task of type t, risk r and confidence c succeeds with probability clamp(skill[j][t] + 0.5 (c − 0.75) − penalty[r], .05, .99);
 * LOW and MEDIUM tasks are tried up to three times, at .05 less confidence each. Busy time of an agent is at most 1.25 × a lower
 * bound on the makespan, so that it pays to give the best agent less than everything.
 */

const NUM_TYPES = 6;
const NUM_STRONG_TYPES = 2;
const RISK_SHARES: readonly RiskLevel[] = ["LOW", "LOW", "LOW", "LOW", "MEDIUM", "MEDIUM", "MEDIUM", "HIGH"];
const RISK_PENALTY: Readonly<Record<RiskLevel, number>> = { LOW: 0, MEDIUM: 0.08, HIGH: 0.16 };
const ATTEMPTS: Readonly<Record<RiskLevel, number>> = { LOW: 3, MEDIUM: 3, HIGH: 1 };
/** Busy time allowed, over the lower bound on the makespan. */
export const CAPACITY_FACTOR = 1.25;

interface DrawnAgent {
  readonly slots: number;
  /** Success of one attempt and its mean duration (ms), by type. */
  readonly skill: readonly number[];
  readonly durationMs: readonly number[];
  readonly costPerMs: number;
}

/** Numbers of a wave; [task][agent], task-major. */
export interface DrawnWave {
  readonly numTasks: number;
  readonly numAgents: number;
  readonly slots: Int32Array;
  /** Expected busy time, retries included, milliseconds. */
  readonly busyMs: Float64Array;
  readonly cost: Float64Array;
  /** Final success probability. */
  readonly success: Float64Array;
  /** Busy time a slot may have, milliseconds. */
  readonly capacityMs: number;
}

/**
 * @param isLimited also agents with two slots, deadlines, pins, numbers of tasks and a budget, all of them in play
 * @returns a document that a plan without deferral exists for. O(tasks · agents)
 */
export function generateWave(
  size: { readonly numTasks: number; readonly numAgents: number },
  isLimited: boolean,
  random: Random,
): ProblemDocument {
  const agents = Array.from({ length: size.numAgents }, (_, agent) =>
    drawAgent(isLimited && agent % 4 === 0 ? 2 : 1, random),
  );
  const agentIds = agents.map((_, agent) => paddedId("agent", agent, size.numAgents));
  const tasks = Array.from({ length: size.numTasks }, (_, task) => ({
    task_id: paddedId("task", task, size.numTasks),
    ...drawTask(agents, agentIds, random),
  }));
  const estimates = tasks.flatMap((task) => agentIds.map((agentId) => task.estimates[agentId]!));
  const busyMs = Float64Array.from(estimates, ({ duration_ms, retries }) => duration_ms! * (1 + retries!));
  const slots = Int32Array.from(agents, (agent) => agent.slots);
  const capacityMs = Math.ceil(CAPACITY_FACTOR * makespanLowerBound({ ...size, busyMs, slots }));
  const cost = Float64Array.from(estimates, (estimate) => estimate.cost!);
  const success = Float64Array.from(estimates, (estimate) => estimate.success_probability!);
  const document: ProblemDocument = {
    schema_version: 1,
    agents: agents.map((agent, index): AgentDocument => {
      return { agent_id: agentIds[index]!, slots: agent.slots, capacity_ms: capacityMs };
    }),
    tasks,
    options: { strategy: "maximize_success", load_limit: "none", no_defer: true },
  };
  return isLimited ? limitWave(document, { ...size, slots, busyMs, cost, success, capacityMs }, random) : document;
}

/** Good and fast at two types, ordinary at the others; the faster, the dearer. */
function drawAgent(slots: number, random: Random): DrawnAgent {
  const speed = drawReal(random, 0.75, 1.35);
  const strong = new Set<number>();
  while (strong.size < NUM_STRONG_TYPES) strong.add(random.below(NUM_TYPES));
  const byType = (draw: (isStrong: boolean) => number): number[] =>
    Array.from({ length: NUM_TYPES }, (_, type) => draw(strong.has(type)));
  return {
    slots,
    skill: byType((isStrong) => (isStrong ? drawReal(random, 0.88, 0.96) : drawReal(random, 0.6, 0.8))),
    durationMs: byType((isStrong) => (isStrong ? 1_400 : 2_800) * speed * drawReal(random, 0.85, 1.2)),
    costPerMs: (0.002 / speed) * drawReal(random, 0.7, 1.6),
  };
}

function drawTask(agents: readonly DrawnAgent[], agentIds: readonly string[], random: Random) {
  const risk = RISK_SHARES[random.below(RISK_SHARES.length)]!;
  const type = random.below(NUM_TYPES);
  const confidence = drawReal(random, 0.5, 0.98);
  const size = drawReal(random, 0.5, 2.2);
  const estimates = agents.map((agent, index): [string, EstimateDocument] => {
    const skill = agent.skill[type]! + drawReal(random, -0.03, 0.03);
    const durationMs = agent.durationMs[type]! * size * drawReal(random, 0.8, 1.25);
    const { success, retries } = playAttempts(skill, confidence, risk);
    const cost = agent.costPerMs * durationMs * (1 + retries);
    return [
      agentIds[index]!,
      { success_probability: success, duration_ms: durationMs, retries, confidence_delta: 0.04 * success, cost },
    ];
  });
  const estimatesById: Readonly<Record<string, EstimateDocument>> = Object.fromEntries(estimates);
  return { risk_level: risk, confidence, estimates: estimatesById };
}

/** Final success probability and expected retries. */
function playAttempts(skill: number, confidence: number, risk: RiskLevel): { success: number; retries: number } {
  let [failing, attempts] = [1, 0];
  for (let k = 0; k < ATTEMPTS[risk]; k++) {
    attempts += failing;
    const p = skill + 0.5 * (confidence - 0.05 * k - 0.75) - RISK_PENALTY[risk];
    failing *= 1 - Math.min(0.99, Math.max(0.05, p));
  }
  return { success: 1 - failing, retries: attempts - 1 };
}
