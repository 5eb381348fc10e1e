import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { startTokenOf } from "../../files/process-info.js";
import { messageOf } from "../attempt-outcome.js";
import type { AttemptReport, AttemptRequest, AttemptResult, Executor } from "../executor.js";
import { LastLine, Tail } from "./bounded-output.js";
import { childEnvironment } from "./child-environment.js";
import { KILL_AFTER_MS, signalGroup } from "./process-group.js";
import { splitCommand } from "./split-command.js";
import { waitForPipes } from "./wait-for-pipes.js";
import { MalformedAnswer, parseAnswer, requestToWire } from "./wire.js";

/** How long the pipes of a command may stay open once it has ended; a child of it may hold them for ever. */
const PIPE_GRACE_MS = 200;
/** What a shell says of a command that it cannot start. */
const NOT_EXECUTABLE = new Set([126, 127]);

export interface CommandSettings {
  readonly kind: "command" | "shell";
  readonly commandLine: string;
  /** Default: that of this process. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Default 5 s. */
  readonly killAfterMs?: number;
}

/**
 * A process for each attempt, in a process group of its own. The request is on its standard input; its answer is the last
 * line of its standard output. Exit 0 without an answer is a success, any other exit a failure. Nothing of a task is ever
 * part of the command line.
 *
 * @throws InputError where the command line cannot be split
 */
export function createCommandExecutor({ kind, commandLine, ...settings }: CommandSettings): Executor {
  const argv = kind === "shell" ? ["/bin/sh", "-c", commandLine] : splitCommand(commandLine, "--execute command:");
  const [program, ...args] = argv as [string, ...string[]];
  const { environment = process.env, killAfterMs = KILL_AFTER_MS } = settings;
  return {
    name: `${kind}:${commandLine}`,
    execution: "real",
    stopGraceMs: killAfterMs + 2 * PIPE_GRACE_MS + 500,
    execute: async (request, signal, report) => {
      signal.throwIfAborted();
      const child = spawn(program, args, {
        detached: true,
        env: childEnvironment(environment, request.idempotencyKey),
        stdio: ["pipe", "pipe", "pipe"],
      });
      return watchChild(child, { request, signal, report, killAfterMs });
    },
  };
}

interface Watch {
  readonly request: AttemptRequest;
  readonly signal: AbortSignal;
  readonly report: AttemptReport | undefined;
  readonly killAfterMs: number;
}

async function watchChild(child: ChildProcessWithoutNullStreams, watch: Watch): Promise<AttemptResult> {
  const { request, signal, report, killAfterMs } = watch;
  const [answer, complaint] = [new LastLine(), new Tail()];
  const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const closed = once(child, "close");
  child.stdout.on("data", (chunk: Buffer) => answer.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => complaint.push(chunk));
  // A command need not read its request.
  child.stdin.on("error", () => undefined);
  child.stdin.end(`${JSON.stringify(requestToWire(request))}\n`);
  const { pid } = child;
  if (pid === undefined) {
    closed.catch(() => undefined);
    return notStarted(await ended.then(() => "it has no process", messageOf));
  }
  report?.started({ id: pid, startToken: startTokenOf(pid) });
  const timers: NodeJS.Timeout[] = [];
  const stop = (): void => {
    signalGroup(pid, "SIGTERM");
    timers.push(setTimeout(() => signalGroup(pid, "SIGKILL"), killAfterMs));
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const [code, endedBy] = await ended;
    await waitForPipes(closed, PIPE_GRACE_MS);
    const ending = { code, endedBy, answer: answer.read(), complaint: complaint.read() };
    // What was told to stop and gave no answer says nothing of the agent.
    if (code !== 0 && ending.answer?.startsWith("{") !== true) signal.throwIfAborted();
    return resultOf(ending);
  } finally {
    signal.removeEventListener("abort", stop);
    timers.forEach(clearTimeout);
    // The attempt is over: what it left running would be nobody's.
    signalGroup(pid, "SIGKILL");
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

interface Ending {
  readonly code: number | null;
  readonly endedBy: NodeJS.Signals | null;
  /** The last line; null where it is too long. */
  readonly answer: string | null;
  readonly complaint: string;
}

/** @throws MalformedAnswer where the last line is meant to be an answer and is none */
function resultOf({ code, endedBy, answer, complaint }: Ending): AttemptResult {
  const said = complaint === "" ? "" : `: ${complaint}`;
  if (endedBy !== null) return failure("agent", `was ended by ${endedBy}${said}`);
  if (answer === null) throw new MalformedAnswer("the last line is longer than 1 MiB");
  const given = answer.startsWith("{") ? parseAnswer(answer) : null;
  if (code === 0) return given ?? { succeeded: true, output: answer === "" ? null : answer };
  const exit = `exit ${code}${said}`;
  if (given !== null && !given.succeeded) return { ...given, errorMessage: given.errorMessage ?? exit };
  return NOT_EXECUTABLE.has(code ?? 0) ? notStarted(exit) : failure("task", exit);
}

/** What was never started costs nothing. */
function notStarted(reason: string): AttemptResult {
  return { ...failure("agent", `the command could not be started: ${reason}`), cost: 0 };
}

function failure(errorKind: "agent" | "task", errorMessage: string): AttemptResult {
  return { succeeded: false, errorKind, errorMessage };
}
