import { presentMs } from "./agent-time.js";
import type { TimeWindows } from "./time-windows.js";

/** Applies the rules of one agent's slots to the windows of its pairs; false where required tasks do not fit. */
export function propagateAgent(windows: TimeWindows, agent: number): boolean {
  const { slotStart } = windows.problem;
  const numSlots = slotStart[agent + 1]! - slotStart[agent]!;
  if (numSlots === 1) return propagatePairs(windows, agent) && propagateEdges(windows, agent);
  return propagateLoad(windows, agent, numSlots);
}

/** Two tasks on one slot, of which one does run here: where one of them cannot go first, it follows the other. */
function propagatePairs(windows: TimeWindows, agent: number): boolean {
  const { agentPairStart, agentPairs, isAlive, numAlive, taskOfPair, earliestStart, latestEnd, tolerance } = windows;
  const { busyMs } = windows.problem;
  const { required } = windows.scratch;
  const [from, to] = [agentPairStart[agent]!, agentPairStart[agent + 1]!];
  let numRequired = 0;
  for (let k = from; k < to; k++) {
    const pair = agentPairs[k]!;
    if (isAlive[pair] === 1 && numAlive[taskOfPair[pair]!] === 1) required[numRequired++] = pair;
  }
  for (let k = from; k < to; k++) {
    const one = agentPairs[k]!;
    if (isAlive[one] === 0) continue;
    windows.numMoves += numRequired;
    for (let r = 0; r < numRequired; r++) {
      const other = required[r]!;
      if (one === other) continue;
      const work = busyMs[one]! + busyMs[other]!;
      const isFirstPossible = earliestStart[one]! + work <= latestEnd[other]! + tolerance;
      const isLastPossible = earliestStart[other]! + work <= latestEnd[one]! + tolerance;
      if (isFirstPossible && isLastPossible) continue;
      if (!isFirstPossible && !isLastPossible) {
        if (numAlive[taskOfPair[one]!] === 1) return false;
        windows.kill(one);
        break;
      }
      if (isFirstPossible) windows.lowerEnd(one, latestEnd[other]! - busyMs[other]!);
      else windows.raiseStart(one, earliestStart[other]! + busyMs[other]!);
    }
  }
  return true;
}

function propagateEdges(windows: TimeWindows, agent: number): boolean {
  const { scratch, tolerance } = windows;
  gather(windows, agent);
  if (!scratch.raiseStarts(tolerance)) return false;
  let k = 0;
  eachAlive(windows, agent, (pair) => windows.raiseStart(pair, scratch.raised[k++]!));
  gather(windows, agent);
  scratch.mirror();
  if (!scratch.raiseStarts(tolerance)) return false;
  k = 0;
  eachAlive(windows, agent, (pair) => windows.lowerEnd(pair, -scratch.raised[k++]!));
  return true;
}

/**
 * Several slots: required tasks whose windows lie within [from, to] take no more than slots · (time of the agent within), and a task that would take more
 * together with them does not run here.
 */
function propagateLoad(windows: TimeWindows, agent: number, numSlots: number): boolean {
  const { scratch, tolerance } = windows;
  gather(windows, agent);
  const { size, earliestStart, latestEnd, busy, isRequired } = scratch;
  const required: number[] = [];
  for (let k = 0; k < size; k++) if (isRequired[k] === 1) required.push(k);
  required.sort((a, b) => earliestStart[b]! - earliestStart[a]!);
  const optional = Array.from({ length: size }, (_, k) => k).filter((k) => isRequired[k] === 0);
  const doomed = new Set<number>();
  for (const last of required) {
    const to = latestEnd[last]!;
    let work = 0;
    for (const first of required) {
      if (latestEnd[first]! > to) continue;
      windows.numMoves++;
      work += busy[first]!;
      const from = earliestStart[first]!;
      const room = numSlots * (presentMs(windows.problem, agent, from, to) + tolerance) - work;
      if (room < 0) return false;
      for (const k of optional) {
        if (busy[k]! > room && earliestStart[k]! >= from && latestEnd[k]! <= to) doomed.add(k);
      }
    }
  }
  if (doomed.size === 0) return true;
  const dying: number[] = [];
  let k = 0;
  eachAlive(windows, agent, (pair) => {
    if (doomed.has(k++)) dying.push(pair);
  });
  for (const pair of dying) windows.kill(pair);
  return true;
}

function gather(windows: TimeWindows, agent: number): void {
  const { scratch, numAlive, taskOfPair, earliestStart, latestEnd } = windows;
  scratch.size = 0;
  eachAlive(windows, agent, (pair) => {
    windows.numMoves++;
    const k = scratch.size++;
    scratch.earliestStart[k] = earliestStart[pair]!;
    scratch.latestEnd[k] = latestEnd[pair]!;
    scratch.busy[k] = windows.problem.busyMs[pair]!;
    scratch.isRequired[k] = numAlive[taskOfPair[pair]!] === 1 ? 1 : 0;
  });
}

function eachAlive(windows: TimeWindows, agent: number, visit: (pair: number) => void): void {
  const { agentPairStart, agentPairs, isAlive } = windows;
  for (let k = agentPairStart[agent]!; k < agentPairStart[agent + 1]!; k++) {
    if (isAlive[agentPairs[k]!] === 1) visit(agentPairs[k]!);
  }
}
