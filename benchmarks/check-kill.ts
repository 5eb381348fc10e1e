/**
 * Whether kill −9 at any moment leaves a whole tree: the old one, the new one, or, between two moves of the swap, none that
 * the next start does not bring back. A reader polls while the run goes on. Prints the figures; exit code 1 on failure.
 *
 * Usage: check-kill [--runs N] [--seed S] [--demo | --command "phase19 run … --seed {seed}" --out DIR [--feedback FILE]…]
 * Without --demo (`phase19 run` on a copy of the demo) or a command, a writer of numbered files is killed.
 */
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createRandom } from "../src/domain/random.js";
import { repairFeedback } from "../src/pipeline/files/feedback-file.js";
import { openOutputDirectory } from "../src/pipeline/files/output-directory.js";
import { systemCode } from "../src/domain/system-errors.js";
import { describeConditions, readConditions } from "./conditions.js";
import { commandSubject, demoSubject, readName, type Subject, writerSubject } from "./kill-subjects.js";

const SLOW_MS = 4;
/** Stands in the feedback file before us: a row without a run, rubbish, and no newline at the end. */
const FOREIGN = '{"type":"phase19_heuristic_update","heuristic_weights":{}}\nrubbish\n{"half":';

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "200" },
    seed: { type: "string", default: "19" },
    command: { type: "string" },
    demo: { type: "boolean", default: false },
    out: { type: "string" },
    feedback: { type: "string", multiple: true, default: [] },
  },
});

const random = createRandom(Number(values.seed));
const faults: string[] = [];
const seen: string[] = [];
const tally = { samples: 0, absent: 0, unclear: 0, late: 0, goneAfterKill: 0, repairs: 0, newAfterKill: 0 };

/** One look from outside. A tree that is swapped while it is read is neither one nor the other, for a reader of paths. */
function look(subject: Subject, moment: string, isFull = true): string | null {
  const name = readName(subject.out);
  tally.samples++;
  if (name === null) {
    // No mark is no tree only where there is no directory either.
    const isHeadless = existsSync(subject.out) && readName(subject.out) === null && existsSync(subject.out);
    if (isHeadless) faults.push(`${moment}: a directory without its summary stands in place`);
    tally.absent++;
    return null;
  }
  const found = isFull ? checkTree(subject, name) : [];
  if (readName(subject.out) !== name) {
    tally.unclear++;
    return name;
  }
  faults.push(...found.map((fault) => `${moment}: ${fault}`));
  const at = seen.indexOf(name);
  if (at === -1) seen.push(name);
  else if (at !== seen.length - 1) faults.push(`${moment}: ${name} is back, ${seen.at(-1)!} is lost`);
  return name;
}

/** A file that goes while it is read is a fault, unless the whole tree has gone. */
function checkTree(subject: Subject, name: string): string[] {
  try {
    return subject.check(name);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
    return [String(error)];
  }
}

interface Moments {
  readonly swapMs: number | null;
  readonly feedbackMs: number | null;
  readonly endMs: number;
}

/** Runs once while a reader polls; killed after a delay from the start or from when it says a word, if at all. */
async function runOnce(
  subject: Subject,
  generation: number,
  kill: { readonly after: "start" | "swap" | "feedback"; readonly delayMs: number } | null,
): Promise<Moments> {
  const start = performance.now();
  const child = subject.start(generation);
  let hasEnded = false;
  const ended = once(child, "exit").then(() => (hasEnded = true));
  const words = new Map<string, number>();
  const killSoon = async (delayMs: number): Promise<void> => {
    await sleep(delayMs);
    if (hasEnded) tally.late++;
    else child.kill("SIGKILL");
  };
  const killing: Promise<void>[] = kill?.after === "start" ? [killSoon(kill.delayMs)] : [];
  child.stdout?.on("data", (text: Buffer) => {
    for (const word of text.toString().trim().split("\n")) {
      words.set(word, performance.now() - start);
      if (word === kill?.after) killing.push(killSoon(kill.delayMs));
    }
  });
  const say = (word: "swap" | "feedback"): void => {
    if (words.has(word)) return;
    words.set(word, performance.now() - start);
    if (word === kill?.after) killing.push(killSoon(kill.delayMs));
  };
  const before = readName(subject.out);
  for (let looks = 0; !hasEnded; looks++) {
    // A whole tree of a command is many files, and reading it takes longer than a swap does.
    const name = look(subject, `during run ${generation}`, subject.speaks || looks % 64 === 0);
    if (!subject.speaks && isAboutToSwap(subject.out)) say("swap");
    if (!subject.speaks && name !== null && name !== before) say("feedback");
    await sleep(1);
  }
  await ended;
  const endMs = performance.now() - start;
  await Promise.all(killing);
  if (kill === null && child.exitCode !== 0) faults.push(`run ${generation} ended with code ${child.exitCode}`);
  return { swapMs: words.get("swap") ?? null, feedbackMs: words.get("feedback") ?? null, endMs };
}

/** The summary is the last file that is written. */
function isAboutToSwap(out: string): boolean {
  const beside = existsSync(dirname(out)) ? readdirSync(dirname(out)) : [];
  const staging = beside.find((name) => name.startsWith(`${basename(out)}.staging-`));
  return staging !== undefined && existsSync(join(dirname(out), staging, "phase19_summary.json"));
}

/** What the next start must bring about. */
async function checkNextStart(subject: Subject, moment: string): Promise<void> {
  const directory = await openOutputDirectory({ path: subject.out, replace: false });
  tally.repairs += directory.repairs.length > 0 ? 1 : 0;
  if (directory.previous?.summary) await repairFeedback(directory.previous.summary, subject.feedbackDirectories);
  await directory.close();
  if (look(subject, moment) === null && seen.length > 0) faults.push(`${moment}: nothing stands in place`);
  const beside = readdirSync(dirname(subject.out)).filter((name) => name.startsWith(`${basename(subject.out)}.`));
  if (beside.length > 0) faults.push(`${moment}: left beside: ${beside.join(", ")}`);
  checkAllFeedback(subject, moment);
}

/** Each tree that ever stood there has its rows; the writer's own checks hold for its last run. */
function checkAllFeedback(subject: Subject, moment: string): void {
  const names = subject.speaks ? seen.slice(-1) : seen;
  const runIds = names.map((name) => name.split("/")[0]!);
  for (const file of subject.feedbackFiles) checkFeedback(file, runIds, moment);
}

function checkFeedback(file: string, runIds: readonly string[], moment: string): void {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (values.command === undefined && !text.startsWith(FOREIGN)) faults.push(`${moment}: ${file} lost foreign rows`);
  const own = text.split("\n").filter((line) => line.includes('"run_id"'));
  const keys = own.map((line) => {
    const { type, run_id } = JSON.parse(line) as { type: string; run_id: string };
    return `${type} ${run_id}`;
  });
  if (new Set(keys).size !== keys.length) faults.push(`${moment}: ${file} has a row twice`);
  const beside = existsSync(dirname(file)) ? readdirSync(dirname(file)) : [];
  const left = beside.filter((name) => name.startsWith(`${basename(file)}.`));
  if (left.length > 0) faults.push(`${moment}: left beside: ${left.join(", ")}`);
  for (const runId of runIds) {
    if (!keys.some((key) => key.endsWith(` ${runId}`))) faults.push(`${moment}: ${file} has no row of ${runId}`);
  }
}

const scratch = mkdtempSync(join(tmpdir(), "phase19-kill-"));
const subject =
  values.command !== undefined
    ? commandSubject(values.command, values.out ?? "", values.feedback)
    : values.demo
      ? demoSubject(scratch, SLOW_MS)
      : await writerSubject(scratch, SLOW_MS);
if (values.command === undefined) {
  for (const file of subject.feedbackFiles) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, FOREIGN);
  }
}

let generation = 0;
const whole: Moments[] = [];
for (let k = 0; k < 3; k++) whole.push(await runOnce(subject, generation++, null));
const { swapMs, feedbackMs, endMs } = whole.sort((a, b) => a.endMs - b.endMs)[1]!;
const numRuns = Number(values.runs);
const killed = { start: 0, swap: 0, feedback: 0 };
for (let k = 0; k < numRuns; k++) {
  const before = seen.at(-1);
  const draw = random.unit();
  const after =
    swapMs === null || feedbackMs === null || draw < 0.4 ? "start" : draw < 0.8 ? "swap" : ("feedback" as const);
  const spanMs =
    after === "start" ? endMs : after === "swap" ? feedbackMs! - swapMs! : Math.max(1, endMs - feedbackMs!);
  killed[after]++;
  await runOnce(subject, generation++, { after, delayMs: random.unit() * spanMs });
  const name = look(subject, `after kill ${k + 1}`);
  if (name === null) tally.goneAfterKill++;
  else if (name !== before) tally.newAfterKill++;
  // Every other time the next run itself has to repair, and may be killed over it.
  if (k % 2 !== 0) continue;
  if (!subject.speaks && k % 8 === 0) await runOnce(subject, generation++, null);
  await checkNextStart(subject, `at the start after kill ${k + 1}`);
}
await runOnce(subject, generation++, null);
await checkNextStart(subject, "at the end");
rmSync(scratch, { recursive: true });

const round = (ms: number | null): string => (ms === null ? "–" : ms.toFixed(0));
console.log(describeConditions(readConditions()));
console.log(
  `${numRuns} kills (${killed.start} over the whole run of ${round(endMs)} ms, ${killed.swap} in the swap, ${killed.feedback} in the feedback; ${tally.late} came after the end)`,
);
console.log(
  `after the kill: ${tally.goneAfterKill} times nothing in place, ${tally.newAfterKill} times the new tree; ${tally.repairs} starts repaired something`,
);
console.log(
  `reader: ${tally.samples} looks, ${tally.absent} found nothing, ${tally.unclear} fell into a swap; ${seen.length} trees seen`,
);
for (const fault of faults.slice(0, 20)) console.log(`FAILED ${fault}`);
if (faults.length > 20) console.log(`and ${faults.length - 20} more`);
console.log(faults.length === 0 ? "ok" : `FAILED: ${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
