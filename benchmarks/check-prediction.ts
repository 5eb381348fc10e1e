/**
 * How fast history becomes numbers: prediction of 1,000 tasks × 100 agents from a fleet with 50 types (≤ 200 ms) and the learning of a wave of 1,000
 * outcomes (≤ 50 ms), median of 20 each. Prints wall and processor time, and a hash of all estimates, so that two versions can be compared byte by
 * byte; exit code 1 where a median of processor time is above its aim.
 * Usage: npm run check:prediction [-- --rounds 20 --outcomes 40000]
 */
import { parseArgs } from "node:util";
import {
  EMPTY_HISTORY,
  type FullProblem,
  NO_HEURISTICS,
  type OutcomeRow,
  PLAIN_AGENT,
  PLAIN_PROBLEM,
  PLAIN_TASK,
  type Problem,
  RISK_LEVELS,
} from "../src/domain/index.js";
import { createRandom, type Random } from "../src/domain/random.js";
import { NO_EVIDENCE } from "../src/domain/schemas/index.js";
import { problemSha256 } from "../src/planner/documents/problem-sha256.js";
import { evidenceFromDocument } from "../src/planner/prediction/evidence-document.js";
import { predictProblem } from "../src/planner/prediction/fill-estimates.js";
import { digestOutcomes } from "../src/planner/prediction/learn-evidence.js";
import { type Memory, rememberWave, wholeEvidence } from "../src/planner/prediction/remember.js";
import { describeConditions, readConditions } from "./conditions.js";
import { describeSpread, spreadOf } from "./statistics.js";

const NUM_AGENTS = 100;
const NUM_TYPES = 50;
const NUM_TASKS = 1_000;
const WAVE_OUTCOMES = 1_000;
const AIMS = { predictionMs: 200, updateMs: 50 } as const;

const { values: flags } = parseArgs({
  options: { rounds: { type: "string", default: "20" }, outcomes: { type: "string", default: "40000" } },
});
const random = createRandom(1);
console.log(describeConditions(readConditions()));
const memory = remember(Number(flags.outcomes));
const history = {
  ...EMPTY_HISTORY,
  learned: evidenceFromDocument(wholeEvidence(memory)),
  learnedWaves: Math.round(Number(flags.outcomes) / WAVE_OUTCOMES) % 20,
};
const problem = wave();
const predict = (): FullProblem => predictProblem(problem, history, NO_HEURISTICS, { maxRetries: 2, optimism: 1 }).full;
const kinds = digestOutcomes(outcomes(WAVE_OUTCOMES), NO_HEURISTICS).evidence();
console.log(`estimates ${problemSha256(predict()).slice(0, 16)}`);
judge(`prediction of ${NUM_TASKS} × ${NUM_AGENTS}`, predict, AIMS.predictionMs);
judge(`update with ${WAVE_OUTCOMES} outcomes`, () => rememberWave(memory, kinds), AIMS.updateMs);

/** Waves of outcomes, one after another, as a run learns them. */
function remember(numOutcomes: number): Memory {
  let known: Memory = { evidence: NO_EVIDENCE, recent: [] };
  for (let left = numOutcomes; left > 0; left -= WAVE_OUTCOMES) {
    known = rememberWave(known, digestOutcomes(outcomes(Math.min(left, WAVE_OUTCOMES)), NO_HEURISTICS).evidence());
  }
  return known;
}

function outcomes(count: number): OutcomeRow[] {
  return Array.from({ length: count }, (_, k): OutcomeRow => {
    const [agent, type] = [random.below(NUM_AGENTS), random.below(NUM_TYPES)];
    const skill = 0.4 + 0.1 * (agent % 4) + 0.15 * ((agent + type) % 3);
    return {
      ...{ source: "phase18", taskId: `past_${k}`, agentId: `agent_${agent}`, wave: 1, timestamp: null },
      ...{ succeeded: random.unit() < skill, attempts: 1 + random.below(2), confidenceBefore: confidence(random) },
      ...{ confidenceDelta: 0.05 * random.unit(), executionTimeMs: 1_000 * (1 + (agent % 5)) * (0.5 + random.unit()) },
      ...{ riskLevel: RISK_LEVELS[random.below(RISK_LEVELS.length)]!, taskType: `type_${type}` },
    };
  });
}

function wave(): Problem {
  const agents = Array.from({ length: NUM_AGENTS }, (_, k) => ({ ...PLAIN_AGENT, agentId: `agent_${k}` }));
  const tasks = Array.from({ length: NUM_TASKS }, (_, k) => ({
    ...{ ...PLAIN_TASK, taskId: `task_${k}`, taskType: `type_${random.below(NUM_TYPES)}` },
    ...{ riskLevel: RISK_LEVELS[random.below(RISK_LEVELS.length)]!, confidence: confidence(random) },
  }));
  return { ...PLAIN_PROBLEM, agents, tasks };
}

function confidence(source: Random): number {
  return Math.round(1_000 * (0.5 + 0.5 * source.unit())) / 1_000;
}

function judge(what: string, work: () => unknown, aimMs: number): void {
  const [wall, processor]: [number[], number[]] = [[], []];
  for (let round = 0; round < Number(flags.rounds); round++) {
    const [since, used] = [performance.now(), process.cpuUsage()];
    work();
    wall.push(performance.now() - since);
    const { user, system } = process.cpuUsage(used);
    processor.push((user + system) / 1_000);
  }
  const spread = spreadOf(processor);
  const isKept = spread.median <= aimMs;
  const times = `processor time ${describeSpread(spread)}, wall time ${describeSpread(spreadOf(wall))}`;
  console.log(`${what}: ${times}; aim ≤ ${aimMs} ms: ${isKept ? "kept" : "MISSED"}`);
  if (!isKept) process.exitCode = 1;
}
