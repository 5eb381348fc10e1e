const NUM_STEPS = 400;
const NUM_PATIENT_STEPS = 15;

/**
 * A lower bound on the makespan, milliseconds, close to that of the linear relaxation: for any weights λ of the agents with Σ λ = 1,
 * Σ_i min_j λ_j b[i,j] / slots_j ≤ C. Multiplicative steps raise the weight of agents that the minimum overloads. O(400 · tasks · agents).
 */
export function makespanLowerBound(wave: {
  readonly numTasks: number;
  readonly numAgents: number;
  /** [task][agent], task-major. */
  readonly busyMs: Float64Array;
  readonly slots: Int32Array;
}): number {
  const { numTasks, numAgents, busyMs, slots } = wave;
  const weight = new Float64Array(numAgents).fill(1 / numAgents);
  const load = new Float64Array(numAgents);
  let [best, patience, step] = [0, NUM_PATIENT_STEPS, 0.3];
  for (let k = 0; k < NUM_STEPS; k++) {
    load.fill(0);
    let value = 0;
    for (let task = 0; task < numTasks; task++) {
      let [least, chosen] = [Infinity, 0];
      for (let agent = 0; agent < numAgents; agent++) {
        const price = (weight[agent]! * busyMs[task * numAgents + agent]!) / slots[agent]!;
        if (price < least) [least, chosen] = [price, agent];
      }
      value += least;
      load[chosen]! += busyMs[task * numAgents + chosen]! / slots[chosen]!;
    }
    if (value > best) [best, patience] = [value, NUM_PATIENT_STEPS];
    else if (--patience === 0) [step, patience] = [step * 0.7, NUM_PATIENT_STEPS];
    let sum = 0;
    for (let agent = 0; agent < numAgents; agent++) {
      weight[agent]! *= Math.exp(step * Math.min(1, (load[agent]! - value) / value));
      sum += weight[agent]!;
    }
    for (let agent = 0; agent < numAgents; agent++) weight[agent]! /= sum;
  }
  return best;
}
