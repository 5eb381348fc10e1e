import { setMaxListeners } from "node:events";
import type { Ending } from "../threads/worker-pool.js";
import { proveInThread } from "./goal-pool.js";
import type { GoalAnswer, GoalNews, GoalTask } from "./goal-task.js";

/** How one thread of a portfolio ended; `limit` where it was ended from outside. */
type MemberEnding =
  { readonly answer: GoalAnswer; readonly limit: null } | { readonly answer: null; readonly limit: "time" | "abort" };

export interface PortfolioEnding {
  /** By thread, in the order of their seeds. */
  readonly members: readonly MemberEnding[];
  /** Whether some thread was ended because another had the proof: a repeat may end another one. */
  readonly wasCutShort: boolean;
}

export interface PortfolioOptions {
  readonly numThreads: number;
  readonly remainingMs: number;
  readonly signal: AbortSignal | undefined;
  /**
   * Whether a thread that settles the goal ends the others. Without, every thread goes on to its own end, and equal tasks have
   * equal endings.
   */
  readonly endsOthers: boolean;
  readonly onNews: (news: GoalNews, thread: number) => void;
}

/**
 * The same goal in several threads, with seeds one apart (a portfolio: Gomes and Selman, Artificial Intelligence 126, 2001).
 * The first thread does what it would do alone. More than
 * there are cores take turns; their time runs, and one that gets no turn by then has no answer.
 */
export async function proveInPortfolio(task: GoalTask, options: PortfolioOptions): Promise<PortfolioEnding> {
  const { numThreads, remainingMs, signal, endsOthers, onNews } = options;
  const enough = new AbortController();
  const either = signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]);
  // Every member listens, and more than ten are no leak.
  setMaxListeners(0, either);
  const members = await Promise.all(
    Array.from({ length: numThreads }, async (_, thread) => {
      const own = { ...task, seed: task.seed + thread };
      const member = read(await proveInThread(own, remainingMs, either, (news) => onNews(news, thread)));
      if (endsOthers && member.answer !== null && !member.answer.isSpent) enough.abort();
      return member;
    }),
  );
  const wasCutShort = enough.signal.aborted && members.some(({ answer }) => answer === null);
  return { members, wasCutShort };
}

/** @throws Error where a thread failed: a bug of ours */
function read(ending: Ending<GoalAnswer>): MemberEnding {
  switch (ending.kind) {
    case "answer":
      return { answer: ending.answer, limit: null };
    case "killed":
      return { answer: null, limit: ending.limit };
    case "failed":
      throw new Error(`the engine's thread failed: ${ending.message}`);
  }
}
