/**
 * Whether equal seeds and work limits give equal bytes: 60 instances of all suites, and waves for which HiGHS is asked, each solved twice, the
 * second time beside threads that keep every core busy. Prints what differs; exit code 1 where anything does.
 * Usage: npm run check:determinism [-- --only TEXT --work 50000]
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { caseLabel, listCases } from "../src/planner/bench/list-cases.js";
import { STRATEGIES } from "../src/domain/problem.js";
import { createRandom } from "../src/domain/random.js";
import { closeSolvers } from "../src/engine/goals/threads.js";
import { generateRcmax } from "../src/planner/bench/generate-cmax.js";
import { toDocument } from "../src/planner/bench/to-document.js";
import { solve } from "../src/planner/solve/solve.js";
import type { SolveCallOptions } from "../src/planner/solve/call-options.js";
import { describeConditions, readConditions } from "./conditions.js";
import { tightWave } from "../test/support/tight-wave.js";
import { randomWaveDocument } from "./documents.js";

const NUM_INSTANCES = 60;
/** Larger ones take long to read, and no other way through the code. */
const MAX_PAIRS = 20_000;
/** Far beyond what the work limit takes, so that no clock ends anything. */
const TIME_LIMIT_MS = 600_000;
const NOW = new Date(Date.UTC(2026, 0, 1));

/** Enough for HiGHS to be asked, and to be ended by its steps. */
const WORK_WITH_HIGHS = 700_000;

interface Subject {
  readonly name: string;
  readonly document: unknown;
  readonly options: SolveCallOptions;
}

const { values: flags } = parseArgs({
  options: { only: { type: "string", default: "" }, work: { type: "string", default: "50000" } },
});
console.log(describeConditions(readConditions()));
const all = [...(await listSubjects()), ...subjectsForHighs()];
const subjects = all.filter(({ name }) => name.includes(flags.only));
const [calm, busy] = [await solveAll(subjects), await besideBusyThreads(() => solveAll(subjects))];
let numFaults = 0;
subjects.forEach(({ name }, k) => {
  const fault = compare(calm[k]!, busy[k]!);
  if (fault === null) return;
  numFaults++;
  console.log(`${name}: ${fault}`);
});
const numAsked = calm.filter((text) => text.includes('"solver":"highs"')).length;
console.log(`${subjects.length} instances solved twice, HiGHS asked in ${numAsked} of them: ${numFaults} differ`);
process.exitCode = numFaults === 0 ? 0 : 1;
await closeSolvers();

/** Drawn instances of the suites, and random waves under all strategies and two threads to make up the number. */
async function listSubjects(): Promise<Subject[]> {
  const subjects: Subject[] = [];
  const suites = ["gap", "rcmax", "pcmax", "waves"] as const;
  for (const one of listCases({ suites, only: "" })) {
    const instance = await one.load();
    if (instance.kind !== "document") continue;
    const { agents, tasks } = instance.document;
    if (agents.length * tasks.length > MAX_PAIRS) continue;
    subjects.push({ name: caseLabel(one), document: instance.document, options: {} });
  }
  for (let k = 0; subjects.length < NUM_INSTANCES || k < STRATEGIES.length; k++) {
    const strategy = STRATEGIES[k % STRATEGIES.length]!;
    const [numTasks, numAgents] = k % 2 === 0 ? [30, 5] : [90, 9];
    const name = `random/${strategy}-${numTasks}x${numAgents}`;
    subjects.push({
      name,
      document: randomWaveDocument(k, numTasks, numAgents),
      options: { strategy, threads: 1 + (k % 2) },
    });
  }
  return subjects;
}

/** Waves with rows that the engine prices, and makespans whose last whole time it leaves open. */
function subjectsForHighs(): Subject[] {
  const options = { workLimit: WORK_WITH_HIGHS };
  const tight = [7, 8, 9].map((seed) => ({
    name: `highs/tight-${seed}`,
    document: tightWave(seed, 50, 7),
    options: { ...options, strategy: "maximize_success" as const },
  }));
  const open = [1, 2, 3].map((seed) => ({
    name: `highs/u10-40x6-${seed}`,
    document: toDocument(
      generateRcmax("u10", { numTasks: 40, numAgents: 6, eligibleAgents: null }, createRandom(seed)),
    ),
    options: { ...options, strategy: "maximize_throughput" as const },
  }));
  return [...tight, ...open];
}

async function solveAll(all: readonly Subject[]): Promise<string[]> {
  const texts: string[] = [];
  for (const { document, options } of all) {
    const limits = { timeLimitMs: TIME_LIMIT_MS, workLimit: Number(flags.work), now: NOW };
    texts.push(JSON.stringify(await solve(document, { ...limits, ...options })));
  }
  return texts;
}

/** Threads that do nothing but turn, one a core. */
async function besideBusyThreads<T>(work: () => Promise<T>): Promise<T> {
  const source = new URL("data:text/javascript,for(;;);");
  const threads = Array.from({ length: availableParallelism() }, () => new Worker(source));
  try {
    return await work();
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function compare(first: string, second: string): string | null {
  const [a, b] = [JSON.parse(first), JSON.parse(second)] as Record<string, unknown>[];
  if (a!.reproducible !== true) return "says itself that it is not reproducible, though no clock should have struck";
  if (first === second) return null;
  const fields = Object.keys(a!).filter((key) => JSON.stringify(a![key]) !== JSON.stringify(b![key]));
  return `differs in ${fields.join(", ")}`;
}
