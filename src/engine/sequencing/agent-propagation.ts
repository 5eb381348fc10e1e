import { presentMs } from "./agent-time.js";
import type { TimeWindows } from "./time-windows.js";
import { Change, type Rule } from "./window-changes.js";

/**
 * Applies a rule for one agent's slots to the windows of its pairs; false where required tasks do not fit. A window of a task that may run elsewhere
 * means nothing to other tasks, so that where only such windows changed only these are looked at.
 */
export function propagateAgent(windows: TimeWindows, agent: number, rule: Rule): boolean {
  const { slotStart } = windows.problem;
  const numSlots = slotStart[agent + 1]! - slotStart[agent]!;
  const isForAll = windows.changes.ofAgent[rule][agent] === Change.required;
  takeChanged(windows, agent, rule, isForAll);
  const { numRequired } = windows.scratch;
  if (numRequired === 0) return true;
  if (numSlots > 1) return rule === "pairs" || propagateLoad(windows, agent, numSlots);
  if (rule === "pairs") return propagatePairs(windows, isForAll ? 0 : numRequired);
  // The rule for pairs is all that edges say of one required task.
  return numRequired === 1 || propagateEdges(windows);
}

/** Lists the pairs to look at, required ones first; all if so wanted, else those that changed. Their changes are known from now on. */
function takeChanged(windows: TimeWindows, agent: number, rule: Rule, isForAll: boolean): void {
  const { agentPairStart, agentPairs, isAlive, numAlive, taskOfPair, changes, scratch } = windows;
  const [from, to] = [agentPairStart[agent]!, agentPairStart[agent + 1]!];
  const { pairs } = scratch;
  const ofPair = changes.ofPair[rule];
  let [numRequired, numListed] = [0, 0];
  for (let k = from; k < to; k++) {
    const pair = agentPairs[k]!;
    const isChanged = ofPair[pair] === 1;
    ofPair[pair] = 0;
    if (isAlive[pair] === 0) continue;
    if (numAlive[taskOfPair[pair]!] === 1) {
      pairs[numListed++] = pairs[numRequired]!;
      pairs[numRequired++] = pair;
    } else if (isForAll || isChanged) {
      pairs[numListed++] = pair;
    }
  }
  [scratch.numRequired, scratch.numListed] = [numRequired, numListed];
  changes.ofAgent[rule][agent] = Change.none;
}

/** Two tasks on one slot, of which one does run here: where one of them cannot go first, it follows the other. Looks at the pairs listed from a place on. */
function propagatePairs(windows: TimeWindows, from: number): boolean {
  const { numAlive, taskOfPair, earliestStart, latestEnd, tolerance } = windows;
  const { busyMs } = windows.problem;
  const { pairs, numRequired, numListed } = windows.scratch;
  windows.numMoves += (numListed - from) * numRequired;
  for (let k = from; k < numListed; k++) {
    const one = pairs[k]!;
    for (let r = 0; r < numRequired; r++) {
      const other = pairs[r]!;
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

function propagateEdges(windows: TimeWindows): boolean {
  const { scratch, tolerance } = windows;
  gather(windows);
  if (!scratch.raiseStarts(tolerance)) return false;
  for (let k = 0; k < scratch.size; k++) windows.raiseStart(scratch.pairs[k]!, scratch.raised[k]!);
  gather(windows);
  scratch.mirror();
  if (!scratch.raiseStarts(tolerance)) return false;
  for (let k = 0; k < scratch.size; k++) windows.lowerEnd(scratch.pairs[k]!, -scratch.raised[k]!);
  return true;
}

/**
 * Several slots: required tasks whose windows lie within [from, to] take no more than slots · (time of the agent within), and a task that would take more
 * together with them does not run here.
 */
function propagateLoad(windows: TimeWindows, agent: number, numSlots: number): boolean {
  const { scratch, tolerance } = windows;
  gather(windows);
  const { size, numRequired, earliestStart, latestEnd, busy, pairs } = scratch;
  const required = Array.from({ length: numRequired }, (_, k) => k);
  required.sort((a, b) => earliestStart[b]! - earliestStart[a]!);
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
      for (let k = numRequired; k < size; k++) {
        if (busy[k]! > room && earliestStart[k]! >= from && latestEnd[k]! <= to) doomed.add(pairs[k]!);
      }
    }
  }
  for (const pair of doomed) windows.kill(pair);
  return true;
}

/** Windows of the listed pairs that are alive still, those of required tasks first. */
function gather(windows: TimeWindows): void {
  const { scratch, isAlive, earliestStart, latestEnd } = windows;
  const { pairs, numRequired } = scratch;
  const { busyMs } = windows.problem;
  windows.numMoves += scratch.numListed;
  let size = 0;
  for (let place = 0; place < scratch.numListed; place++) {
    const pair = pairs[place]!;
    if (isAlive[pair] === 0) continue;
    pairs[size] = pair;
    scratch.earliestStart[size] = earliestStart[pair]!;
    scratch.latestEnd[size] = latestEnd[pair]!;
    scratch.busy[size] = busyMs[pair]!;
    scratch.isRequired[size] = place < numRequired ? 1 : 0;
    size++;
  }
  [scratch.size, scratch.numListed] = [size, size];
}
