import type { DeferralRule, Instance } from "../../../models/index.js";
import type { Random } from "../../../src/domain/random.js";
import { drawingRandom } from "../../support/drawing-random.js";

/** A tiny instance with timing; every feature is there in some of them. */
export function randomTimedInstance(seed: number, maxTasks = 5): Instance {
  const random = drawingRandom(seed);
  const has = (percent: number): boolean => random.below(100) < percent;
  const numTasks = 2 + random.below(maxTasks - 1);
  const numAgents = 1 + random.below(3);
  const agents = Array.from({ length: numAgents }, (_, agent) => agent);
  const pairStart = [0];
  const [pairTask, pairAgent, dependsStart, dependsOn]: number[][] = [[], [], [0], []];
  const density = [0, 20, 40, 70][random.below(4)]!;
  for (let task = 0; task < numTasks; task++) {
    const eligible = agents.filter(() => has(85));
    if (eligible.length === 0) eligible.push(random.below(numAgents));
    for (const agent of has(15) ? [eligible[0]!] : eligible) {
      pairTask!.push(task);
      pairAgent!.push(agent);
    }
    pairStart.push(pairTask!.length);
    for (let before = 0; before < task; before++) if (has(density)) dependsOn!.push(before);
    dependsStart!.push(dependsOn!.length);
  }
  const numPairs = pairTask!.length;
  const perPair = (value: () => number): Float64Array => Float64Array.from({ length: numPairs }, value);
  const perTask = (value: () => number): Float64Array => Float64Array.from({ length: numTasks }, value);
  const perAgent = (value: () => number): Float64Array => Float64Array.from({ length: numAgents }, value);
  const isReal = has(30);
  const time = (most: number): number => (isReal ? random.unit() * most + 0.5 : 1 + random.below(most));
  const isTight = has(50);
  const success = perPair(() => (1 + random.below(10)) / 10);
  return {
    ...{ numTasks, numAgents, numPairs, success },
    taskIds: Array.from({ length: numTasks }, (_, i) => `t${i}`),
    agentIds: agents.map((j) => `a${j}`),
    pairStart: Int32Array.from(pairStart),
    pairTask: Int32Array.from(pairTask!),
    pairAgent: Int32Array.from(pairAgent!),
    retries: success.map((p) => 1 - p),
    busyMs: perPair(() => time(9)),
    confidenceDelta: perPair(() => (random.below(11) - 4) / 100),
    cost: perPair(() => random.below(6)),
    belowGate: Uint8Array.from(success, (p) => (p < 0.4 ? 1 : 0)),
    weight: has(50) ? perTask(() => 1) : perTask(() => 1 + random.below(3)),
    deadlineMs: perTask(() => (isTight && has(50) ? 3 + random.below(25) : Infinity)),
    dependsStart: Int32Array.from(dependsStart!),
    dependsOn: Int32Array.from(dependsOn!),
    slots: Int32Array.from(agents, () => (has(30) ? 2 : 1)),
    loadLimitMs: perAgent(() => (has(30) ? 6 + random.below(20) : Infinity)),
    maxTasks: perAgent(() => (has(20) ? random.below(4) : Infinity)),
    availableFromMs: perAgent(() => (has(25) ? random.below(6) : 0)),
    budget: has(20) ? 4 + random.below(12) : Infinity,
    deferral: randomDeferral(random),
    urgencyRank: Int32Array.from({ length: numTasks }, (_, task) => task),
    timing: randomTiming(random, numTasks, numAgents),
  };
}

function randomDeferral(random: Random): DeferralRule {
  const kind = random.below(4);
  if (kind === 0) return { kind: "forbidden" };
  return kind === 1 ? { kind: "priced", penalty: random.below(4) } : { kind: "first" };
}

function randomTiming(random: Random, numTasks: number, numAgents: number): Instance["timing"] {
  const has = (percent: number): boolean => random.below(100) < percent;
  const absenceStart = [0];
  const [from, to]: [number[], number[]] = [[], []];
  const isAway = has(30);
  for (let agent = 0; agent < numAgents; agent++) {
    for (let k = 0, at = 0; k < 2 && isAway; k++) {
      if (!has(40)) continue;
      from.push((at += 1 + random.below(6)));
      to.push((at += 1 + random.below(5)));
    }
    absenceStart.push(from.length);
  }
  const [useStart, usePool, useAmount]: [number[], number[], number[]] = [[0], [], []];
  const hasPools = has(30);
  for (let task = 0; task < numTasks; task++) {
    if (hasPools && has(60)) {
      usePool.push(0);
      useAmount.push(1 + random.below(2));
    }
    useStart.push(usePool.length);
  }
  return {
    releaseMs: Float64Array.from({ length: numTasks }, () => (has(20) ? random.below(8) : 0)),
    availableUntilMs: Float64Array.from({ length: numAgents }, () => (has(10) ? 10 + random.below(20) : Infinity)),
    absenceStart: Int32Array.from(absenceStart),
    absenceFromMs: Float64Array.from(from),
    absenceToMs: Float64Array.from(to),
    poolNames: hasPools ? ["pool"] : [],
    poolLimit: hasPools ? Float64Array.of(2 + random.below(2)) : new Float64Array(0),
    useStart: Int32Array.from(useStart),
    usePool: Int32Array.from(usePool),
    useAmount: Float64Array.from(useAmount),
  };
}
