/**
 * Whether live runs survive what may befall them at any moment. Over `command:` the run is killed (`kill -9`) and paused; over `queue:`,
 * with four worker processes, so are the workers and Redis, which also comes back empty. In the end no task is lost, none was run again once
 * its answer was flushed, no answer counts twice, no slot or pool was passed, nothing started before its release or while its agent was away, a budget was passed by no more than
 * what was under way, and the tree is one that an undisturbed run could have come to. The judge of it is tried first, on an undisturbed
 * run into whose remains faults are put. Prints the figures; exit code 1 on failure.
 *
 * Usage: check-faults [--faults 1000] [--queue-faults 300] [--tasks 60] [--agents 6] [--waves 3] [--seed 19]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../src/domain/random.js";
import { drawReal } from "../src/planner/bench/draw.js";
import { describeConditions, readConditions } from "./conditions.js";
import { judge } from "./faults/judge.js";
import { Place, readLog, writeAgent } from "./faults/place.js";
import { misjudged } from "./faults/planted.js";
import { Phase19Process } from "./faults/process.js";
import { PAUSE_MS, QueueSite } from "./faults/queue-site.js";
import type { Size } from "./faults/rules.js";

const { values } = parseArgs({
  options: {
    faults: { type: "string", default: "1000" },
    "queue-faults": { type: "string", default: "300" },
    tasks: { type: "string", default: "60" },
    agents: { type: "string", default: "6" },
    waves: { type: "string", default: "3" },
    seed: { type: "string", default: "19" },
    verbose: { type: "boolean", default: false },
  },
});
const size: Size = { tasks: Number(values.tasks), agents: Number(values.agents), waves: Number(values.waves) };
const NUM_WORKERS = 4;
/** What a start says that finds no Redis. */
const NOT_REACHED = /phase19: queue:\S+ (nothing listens there|the connection was cut|no answer within)/;
/** Of one run; then it may finish. */
const MOST_FAULTS_A_RUN = 10;
/** Every so many runs have a budget that does for half of what they would cost. */
const BUDGET_EVERY = 4;

const random = createRandom(Number(values.seed));
const faults: string[] = [];
const counts = new Map<string, number>();
const tally = { runs: 0, attempts: 0, repeated: 0 };
let numRuns = 0;

/** What can befall a run; the run itself is killed and started again by its caller. */
type Fault = "run killed" | "run paused" | "second run started" | QueueFault;
type QueueFault = (typeof QUEUE_FAULTS)[number];
const QUEUE_FAULTS = [
  "worker killed",
  "worker paused",
  "worker restarted",
  "Redis killed",
  "Redis killed and emptied",
  "Redis paused",
] as const;

interface Subject {
  readonly execute: string;
  readonly log: string;
  readonly kinds: readonly Fault[];
  readonly site: QueueSite | null;
}

async function befallSite(site: QueueSite, kind: QueueFault): Promise<void> {
  const k = random.below(site.numWorkers);
  const awayMs = drawReal(random, 0, 2_000);
  switch (kind) {
    case "worker killed":
      return site.killWorker(k, "SIGKILL", awayMs);
    case "worker restarted":
      return site.killWorker(k, "SIGTERM", 0);
    case "worker paused":
      return site.pauseWorker(k);
    case "Redis killed":
      return site.killRedis(false, awayMs);
    case "Redis killed and emptied":
      return site.killRedis(true, awayMs);
    case "Redis paused":
      return site.pauseRedis();
  }
}

/** One run of a subject, disturbed until it has ended. */
class DisturbedRun {
  readonly place = new Place(size);
  readonly #words: readonly string[];
  readonly #budget: number | null;
  #run: Phase19Process;

  constructor(
    private readonly subject: Subject,
    readonly number: number,
  ) {
    this.#budget = number % BUDGET_EVERY === 0 ? size.tasks / 2 : null;
    this.#words = [
      ...["run", "--outputs", this.place.outputs, "--live", "--execute", subject.execute, "--solver", "greedy"],
      // Another seed is another run: nothing is left over from the one before, nor is it the same in another campaign.
      ...["--seed", `${values.seed}${String(number).padStart(3, "0")}`, "--attempt-timeout", "30s", "--quiet"],
      ...(this.#budget === null ? [] : ["--budget", String(this.#budget)]),
    ];
    this.#run = new Phase19Process(this.#words);
  }

  /** @returns how many faults befell it */
  async play(numFaults: number, withinMs: number): Promise<number> {
    let numBefallen = 0;
    while (numBefallen < numFaults) {
      if (await this.#run.endsWithin(drawReal(random, 0.02, 0.4) * withinMs)) {
        if (!this.#wasRefused()) break;
        this.#run = new Phase19Process(this.#words);
      }
      const kind = this.subject.kinds[random.below(this.subject.kinds.length)]!;
      this.#befallen.push(`${kind} at ${Date.now() - this.#startedMs} ms`);
      await this.#befall(kind);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      numBefallen++;
    }
    await this.#run.end();
    if (!this.#wasRefused()) await this.#expectEnd(this.#run);
    // A kill may fall between the swap of the tree and the end of the process.
    if (!this.place.isFinished) await this.#expectEnd(new Phase19Process(this.#words));
    return numBefallen;
  }

  judge(): void {
    const log = readLog(this.subject.log).filter(this.#isOwn);
    const verdict = judge(this.place, log, this.#budget);
    tally.runs++;
    tally.attempts += verdict.attempts;
    tally.repeated += verdict.repeated;
    if (values.verbose) console.log(`run ${this.number}: ${verdict.attempts} attempts, ${verdict.repeated} again`);
    // Of a run that nothing befell; a judge that overlooks faults would let every run pass.
    if (this.#befallen.length === 0 && this.#budget === null) faults.push(...misjudged(this.place, log));
    const befallen = `(${this.#befallen.join(", ")})`;
    faults.push(...verdict.faults.map((fault) => `run ${this.number}: ${fault} ${befallen}`));
  }

  readonly #startedMs = Date.now();
  readonly #befallen: string[] = [];
  readonly #isOwn = ({ startMs }: { readonly startMs: number }): boolean => startMs >= this.#startedMs;

  async #befall(kind: Fault): Promise<void> {
    switch (kind) {
      case "run killed":
        await this.#run.kill();
        // The tree stands: another start would be another run.
        if (!this.place.isFinished) this.#run = new Phase19Process(this.#words);
        return;
      case "run paused":
        return this.#run.pause(PAUSE_MS);
      case "second run started":
        return this.#run.pause(0, () => this.#startSecond());
      case "worker killed":
      case "worker paused":
      case "worker restarted":
      case "Redis killed":
      case "Redis killed and emptied":
      case "Redis paused":
        return befallSite(this.subject.site!, kind);
    }
  }

  /** A run whose owner lives is not another one's, though it stands still. */
  async #startSecond(): Promise<void> {
    if (!this.#run.isAlive || !this.place.isHeldBy(this.#run.pid)) return;
    const second = new Phase19Process(this.#words);
    const code = await second.end();
    if (code !== 2) faults.push(`run ${this.number}: a second run beside it ended with ${code}: ${second.said}`);
  }

  /** A run that begins while Redis is killed or stands still says so and ends; one under way waits. */
  #wasRefused(): boolean {
    return !this.#run.isAlive && NOT_REACHED.test(this.#run.said);
  }

  async #expectEnd(run: Phase19Process): Promise<void> {
    const code = await run.end();
    if (code === null || code === 0) return;
    faults.push(`run ${this.number}: a start ended with exit code ${code}: ${run.said.slice(0, 300)}`);
  }
}

/** Runs of a subject until so many faults have befallen them. */
async function campaign(name: string, subject: Subject, numFaults: number): Promise<void> {
  if (numFaults === 0) return;
  counts.clear();
  Object.assign(tally, { runs: 0, attempts: 0, repeated: 0 });
  const firstMs = performance.now();
  await playOne(subject, 0, 1);
  // What an undisturbed run takes here and now, so that faults fall into it.
  const wholeMs = performance.now() - firstMs;
  for (let done = 0; done < numFaults && faults.length === 0;) {
    done += await playOne(subject, 1 + random.below(Math.min(MOST_FAULTS_A_RUN, numFaults - done)), wholeMs);
    if (values.verbose) console.log(`${name}: ${done} of ${numFaults}`);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const kinds = [...counts].map(([kind, count]) => `${kind} ${count}`).join(", ");
  console.log(
    `${name}: ${total} faults (${kinds}) in ${tally.runs} runs, one took ${wholeMs.toFixed(0)} ms undisturbed`,
  );
  console.log(
    `${name}: ${tally.attempts} attempts made, ${tally.repeated} of them again because nobody had their answer`,
  );
}

async function playOne(subject: Subject, numFaults: number, wholeMs: number): Promise<number> {
  const run = new DisturbedRun(subject, ++numRuns);
  try {
    const numBefallen = await run.play(numFaults, wholeMs);
    if (faults.length === 0) run.judge();
    return numBefallen;
  } finally {
    run.place.remove();
  }
}

console.log(describeConditions(readConditions()));
const folder = mkdtempSync(join(tmpdir(), "phase19-faults-agent-"));
const { command, log } = writeAgent(folder);
const own: readonly Fault[] = ["run killed", "run killed", "run killed", "run paused", "second run started"];
await campaign("command", { execute: `command:${command}`, log, kinds: own, site: null }, Number(values.faults));
rmSync(folder, { recursive: true, force: true });
if (Number(values["queue-faults"]) > 0 && faults.length === 0) {
  const site = await QueueSite.open(NUM_WORKERS);
  const kinds: readonly Fault[] = ["run killed", "run paused", ...QUEUE_FAULTS];
  await campaign("queue", { execute: site.execute, log: site.log, kinds, site }, Number(values["queue-faults"]));
  await site.close();
}
console.log(`faults found: ${faults.length}`);
for (const fault of faults.slice(0, 10)) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
