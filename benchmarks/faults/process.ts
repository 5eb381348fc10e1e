import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

const COMMAND = "dist/src/faces/cli/main.js";

/** `phase19` as a process that can be killed and paused. */
export class Phase19Process {
  readonly #child: ChildProcess;
  readonly #ended: Promise<[number | null]>;
  #said = "";

  constructor(words: readonly string[]) {
    this.#child = spawn(process.execPath, [COMMAND, ...words], { stdio: ["ignore", "ignore", "pipe"] });
    this.#child.stderr!.on("data", (chunk: Buffer) => (this.#said += chunk.toString("utf8")));
    this.#ended = once(this.#child, "exit") as Promise<[number | null]>;
  }

  /** What it wrote to standard error. */
  get said(): string {
    return this.#said.trim();
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** @returns its exit code; null where a signal ended it */
  async end(): Promise<number | null> {
    return (await this.#ended)[0];
  }

  /** Whether it ends by itself within that time. */
  endsWithin(ms: number): Promise<boolean> {
    return Promise.race([this.#ended.then(() => true), sleep(ms, false)]);
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    if (!this.isAlive) return;
    this.#child.kill(signal);
    await this.#ended;
  }

  async pause(ms: number, meanwhile?: () => Promise<void>): Promise<void> {
    this.#child.kill("SIGSTOP");
    await Promise.all([sleep(ms), meanwhile?.()]);
    this.#child.kill("SIGCONT");
  }
}
