import { countOf, nameSome } from "../../domain/index.js";
import type { DefaultTimes } from "../../planner/index.js";
import type { Notes } from "./notes.js";

const MAX_NAMED = 5;

/**
 * Says which times are a default. Beside times that were given they decide much, and a program should hear of it; where all are a
 * default, a person at a terminal should.
 */
export function noteDefaultTimes(times: DefaultTimes, notes: Notes, isTerminal: boolean): void {
  const { taskIds, numPairs, areMixed, defaultMs } = times;
  if (numPairs === 0) return;
  const named = nameSome(taskIds, MAX_NAMED);
  const line = `times of ${countOf(numPairs, "pair")} of task and agent are the default of ${defaultMs} ms an attempt, because nothing says how long they take: ${named}; give estimates.AGENT.duration_ms, or history`;
  if (areMixed || isTerminal) notes.warn(line);
  else notes.detail(line);
}
