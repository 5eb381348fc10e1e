import { InputError, suggestNearest } from "../../../domain/index.js";
import type { Executor } from "../executor.js";
import { createCommandExecutor } from "./command-executor.js";
import { requireProgram, requireShellProgram } from "./find-program.js";
import { createHttpExecutor } from "./http-executor.js";
import { createQueueExecutor } from "./queue/queue-executor.js";

type Kind = "simulated" | "command" | "shell" | "http" | "https" | "queue";

const KINDS: readonly Kind[] = ["simulated", "command", "shell", "http", "https", "queue"];

/**
 * The executor that `--execute` names.
 *
 * @returns null for `simulated`: our own player
 * @throws InputError where it names none, or a command that cannot be started
 */
export async function createExecutor(text: string): Promise<Executor | null> {
  const [, word = "", rest] = /^([^:]*):?(.*)$/s.exec(text) ?? [];
  const kind = KINDS.find((one) => one === word);
  if (kind === undefined) {
    throw new InputError("--execute", `"${word}" is not one of ${KINDS.join(", ")}; ${suggestNearest(word, KINDS)}`);
  }
  if (kind === "simulated") return null;
  if (rest === undefined || rest.trim() === "") {
    throw new InputError("--execute", `${kind} needs something behind its colon, such as ${EXAMPLES[kind]}`);
  }
  switch (kind) {
    case "command":
      requireProgram(rest);
      return createCommandExecutor({ kind, commandLine: rest });
    case "shell":
      requireShellProgram(rest);
      return createCommandExecutor({ kind, commandLine: rest });
    case "http":
    case "https":
      // `http:http://…` as the others are written, or the plain address.
      return createHttpExecutor(rest.startsWith("//") ? text : rest);
    case "queue":
      return createQueueExecutor(rest);
  }
}

const EXAMPLES: Readonly<Record<Exclude<Kind, "simulated">, string>> = {
  command: "command:'python3 worker.py'",
  shell: "shell:'./prepare && ./work'",
  http: "http://agents.example/attempt",
  https: "https://agents.example/attempt",
  queue: "queue:redis://:PASSWORD@host:6379",
};
