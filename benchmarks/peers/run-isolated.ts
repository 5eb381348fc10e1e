import { type ChildProcess, fork } from "node:child_process";
import type { ChildMessage, PeerJob } from "./messages.js";

/** What came of one run in its own process. */
export type IsolatedRun =
  | (Extract<ChildMessage, { kind: "answered" }> & { readonly version: string })
  | { readonly kind: "unsupported"; readonly version: string }
  | { readonly kind: "killed"; readonly version: string; readonly wallMs: number }
  | { readonly kind: "failed"; readonly version: string | null; readonly message: string };

/** Time a runner may take beyond its limit before it is killed. */
export const GRACE_MS = 2_000;
/** For loading, reading and warming up, which do not count. */
const LOAD_LIMIT_MS = 180_000;
const MAX_STDERR_CHARS = 2_000;

/**
 * Runs one job in a process of its own, which is killed, with whatever it has started, `GRACE_MS` after the limit. Never rejects.
 *
 * @param childFile compiled `child.ts`
 */
export function runIsolated(childFile: string, job: PeerJob): Promise<IsolatedRun> {
  return new Promise((resolve) => {
    // Its own process group: a solver on the PATH must not outlive the process that started it.
    const child = fork(childFile, [], {
      detached: true,
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: ["--max-old-space-size=4096"],
    });
    let version: string | null = null;
    let begunMs: number | null = null;
    let stderr = "";
    let timer = setTimeout(() => settle({ kind: "failed", version, message: "did not load in time" }), LOAD_LIMIT_MS);
    child.stderr?.on("data", (chunk: Buffer) => (stderr = `${stderr}${chunk.toString()}`.slice(-MAX_STDERR_CHARS)));
    child.on("message", (message: ChildMessage) => {
      switch (message.kind) {
        case "begins":
          version = message.version;
          begunMs = performance.now();
          clearTimeout(timer);
          timer = setTimeout(onLimit, job.limitMs + GRACE_MS);
          return;
        case "answered":
          return settle({ ...message, version: version! });
        case "unsupported":
          return settle(message);
        case "failed":
          return settle({ ...message, version });
      }
    });
    child.on("error", (error) => settle({ kind: "failed", version, message: error.message }));
    child.on("exit", (code, signal) => {
      const cause = stderr.trim().split("\n").at(-1) ?? "";
      settle({ kind: "failed", version, message: `ended with ${signal ?? code} before it answered; ${cause}` });
    });
    child.send(job);

    function onLimit(): void {
      settle({ kind: "killed", version: version!, wallMs: performance.now() - begunMs! });
    }

    function settle(outcome: IsolatedRun): void {
      clearTimeout(timer);
      child.removeAllListeners();
      child.on("error", () => undefined);
      killGroup(child);
      resolve(outcome);
    }
  });
}

/** The child and all it started; a group that has ended already is no error. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
