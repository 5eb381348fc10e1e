import type { RefutedWindow } from "./bound-certificate.js";
import type { TimeWindows } from "./time-windows.js";

/** Share of a window that is assumed and, where that leads to a contradiction, cut off. */
const CUT_SHARE = 0.25;

/**
 * Shaving (Carlier, Pinson, EJOR 78, 1994; Martin, Shmoys, IPCO 1996): assumes in turn each choice of a pair, and the first and the
 * last part of each start window; what contradicts is cut off, until nothing is left (the result is `refuted`) or nothing changes
 * (`open`). Cuts are added to `refuted` in order. Yields after each assumption.
 */
export function* shave(windows: TimeWindows, refuted: RefutedWindow[]): Generator<void, "refuted" | "open", void> {
  if (!windows.propagate()) return "refuted";
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const task of byFreedom(windows)) {
      const { pairStart, busyMs } = windows.problem;
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        if (windows.isAlive[pair] === 0) continue;
        for (const part of [1, CUT_SHARE, -CUT_SHARE]) {
          if (windows.isAlive[pair] === 0 || (part === 1 && windows.numAlive[task] === 1)) continue;
          const cut = cutOf(windows, pair, part);
          if (cut === null) continue;
          yield;
          if (!contradicts(windows, cut)) {
            continue;
          }
          refuted.push(cut);
          isChanged = true;
          cutOff(windows, cut, busyMs[pair]!);
          if (!windows.propagate()) return "refuted";
        }
      }
    }
  }
  return "open";
}

/** Tasks with a choice of pair or start, those with least room first: they contradict most often. */
function byFreedom(windows: TimeWindows): number[] {
  const room = (task: number): number => windows.taskLatestStart[task]! - windows.taskStart[task]!;
  return Array.from(windows.numAlive.keys())
    .filter((task) => windows.numAlive[task]! > 1 || room(task) > windows.tolerance)
    .sort((a, b) => room(a) - room(b) || a - b);
}

/** The starts to assume: all of the pair's window (part 1), or a part at its beginning (> 0) or end (< 0). */
function cutOf(windows: TimeWindows, pair: number, part: number): RefutedWindow | null {
  const { problem, earliestStart, latestEnd, tolerance } = windows;
  const from = earliestStart[pair]!;
  const to = latestEnd[pair]! - problem.busyMs[pair]!;
  if (part === 1) return { pair, fromMs: from, toMs: to };
  const width = problem.isWhole ? Math.floor((to - from) * Math.abs(part)) : (to - from) * Math.abs(part);
  if (to - from <= tolerance) return null;
  return part > 0 ? { pair, fromMs: from, toMs: from + width } : { pair, fromMs: to - width, toMs: to };
}

/** Whether propagation contradicts a start of the pair's task on its agent within the window; changes nothing. */
function contradicts(windows: TimeWindows, { pair, fromMs, toMs }: RefutedWindow): boolean {
  const before = windows.save();
  windows.choose(pair);
  windows.raiseStart(pair, fromMs);
  windows.lowerEnd(pair, toMs + windows.problem.busyMs[pair]!);
  const isContradiction = !windows.propagate();
  windows.restore(before);
  return isContradiction;
}

/** Takes a refuted window off its end of the pair's window; all of it kills the pair. Whole times have whole starts. */
function cutOff(windows: TimeWindows, { pair, fromMs, toMs }: RefutedWindow, busy: number): void {
  const step = windows.problem.isWhole ? 1 : 0;
  const isFront = fromMs <= windows.earliestStart[pair]!;
  const isBack = toMs >= windows.latestEnd[pair]! - busy;
  if (isFront && isBack) windows.kill(pair);
  else if (isFront) windows.raiseStart(pair, toMs + step);
  else if (isBack) windows.lowerEnd(pair, fromMs + busy - step);
}
