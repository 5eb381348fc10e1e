import { ModelError } from "../../../domain/index.js";
import type { LiveWave } from "../live/live-wave.js";
import type { Run, Slot } from "../live/slot-board.js";
import type { AdoptedWave, EndedAttempt } from "./attempt-journal.js";

interface Adopter {
  /** What follows from an attempt. */
  readonly onEnded: (run: Run, slot: Slot, attempt: EndedAttempt) => void;
  readonly isSkipped: (taskId: string) => boolean;
}

/**
 * Brings a wave to where an earlier start of the same run had come: its attempts stand as they were, in the order in which
 * they ended, and what was not started stays where it was last. Nothing is run.
 */
export function adoptWave(adopted: AdoptedWave | null, live: LiveWave, adopter: Adopter): void {
  if (adopted === null) return;
  const { board } = live;
  for (const attempt of adopted.ended) {
    const { record } = attempt;
    const [run, slot] = findRun(live, record.taskId);
    board.take(slot, run);
    run.attempts.push(record);
    const own = board.at(record);
    if (own === undefined) throw new ModelError(`${record.taskId} was run on slot ${record.slot} of ${record.agentId}`);
    live.bookEnd(own, attempt, null);
    adopter.onEnded(run, own, attempt);
  }
  for (const [taskId, place] of adopted.places) {
    if (adopter.isSkipped(taskId)) continue;
    const found = board.waitingRun(taskId);
    const target = board.at(place);
    if (found === null || target === undefined || target === found[1]) continue;
    const [run, slot] = found;
    board.take(slot, run);
    board.put(target, run);
  }
}

function findRun({ board }: LiveWave, taskId: string): readonly [Run, Slot] {
  const found = board.waitingRun(taskId);
  if (found === null) throw new ModelError(`the journal has an attempt at ${taskId}, which the wave does not hold`);
  return found;
}
