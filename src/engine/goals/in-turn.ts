import { solvesUnderWay } from "../threads/admission.js";
import type { SolveContext } from "./session.js";

/** Share of its time limit that a solve may wait for its turn; in the rest it plans as well as it can without one. */
const LONGEST_WAIT = 0.8;

/**
 * Runs a solve once it is its turn: as many are under way as there are cores, the others wait, and their time runs. One that is
 * aborted meanwhile goes on at once, to say so.
 */
export async function inTurn<Context extends SolveContext, Result>(
  { timeLimitMs }: { readonly timeLimitMs: number },
  context: Context,
  solve: (context: Context) => Promise<Result>,
): Promise<Result> {
  const { signal, clock } = context;
  const startMs = context.startMs ?? clock();
  const leave = await solvesUnderWay.enter({ signal, timeoutMs: LONGEST_WAIT * timeLimitMs - (clock() - startMs) });
  try {
    return await solve({ ...context, startMs });
  } finally {
    leave();
  }
}
