/**
 * Whether learning pays: closed loops in worlds with a hidden truth. Each policy plays the same waves of 40 tasks under the
 * same limits with the same luck; scores are what its plans are worth in truth, not dice; the learner sees dice only.
 *
 *   npm run bench:learning [-- --seeds 50 --only TEXT --jobs N --exploration 0,0.3 --waves 20 --played FILE]
 *
 * `--only` plays the worlds whose `name/agents` holds the text (`timings`: none of them) and records nothing. `--played`
 * keeps every world played as a line of a file and goes on from there, so that a long run can be made in portions.
 * The ceiling is the informed Bayesian: it knows the distribution that the world was drawn from, not the world, and plans by
 * the posterior's means (`learning/informed-policy.ts`). Shares are of what it, or the oracle, wins over round robin.
 * A mean beyond its goal by no more than its interval is told as "within interval", one beyond by more as MISSED.
 * Conditions, the same for all policies:
 * - no retries (`max_retries` 0): a task is one trial, so that the score is the hidden chance itself;
 * - ⌈1.25 · 40 / agents⌉ tasks an agent, no load limit: no limit depends on a prediction;
 * - ours solves with a work limit: the first goal of the success worlds is proven optimal all the same, what is cut is
 *   the search for the second, which no score of these worlds looks at. The oracle solves the first goal alone;
 * - the gate is left out: every task runs.
 * Prints a table of scores, one of alarms, and every figure of the goal as PASS, within interval or MISSED; writes results/learning.{json,md}.
 * Exit code 1 where one is missed.
 */
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeConditions, readConditions } from "./conditions.js";
import { bundleChild } from "./learning/bundle.js";
import type { Order } from "./learning/child.js";
import type { JobOutcome } from "./learning/play-world.js";
import { PlayedFile } from "./learning/played-file.js";
import { runOrders } from "./learning/pool.js";
import { alarmTable, allFigures, figureTable, scoreTable } from "./learning/report.js";
import { cellsOf } from "./learning/results.js";
import { waveMeans } from "./learning/wave-means.js";
import type { Timings } from "./learning/timings.js";
import { FLEET_SIZES, WORLD_NAMES } from "./learning/worlds.js";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const TIMINGS = "timings";
const options = readOptions();
const conditions = readConditions();
const childFile = await bundleChild(`${FOLDER}dist/learning`);
const startMs = performance.now();
const outcomes = await playWorlds(new PlayedFile(options.played));
const timings = options.only === "" || TIMINGS.includes(options.only) ? await takeTimes() : null;
const minutes = outcomes.reduce((sum, { wallMs }) => sum + wallMs, 0) / 60_000;
const failed = await reportAll();
process.exitCode = failed > 0 ? 1 : 0;

function readOptions() {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "50" },
      only: { type: "string", default: "" },
      jobs: { type: "string", default: String(availableParallelism()) },
      exploration: { type: "string", default: "0" },
      waves: { type: "string", default: "20" },
      played: { type: "string", default: "" },
    },
  });
  const explorations = values.exploration.split(",").map(Number);
  if (explorations.some((value) => !(value >= 0 && value <= 1)))
    throw new Error(`--exploration ${values.exploration} is not a list of numbers in [0, 1], such as 0,0.3`);
  // What exploration costs is measured against none.
  if (!explorations.includes(0)) explorations.unshift(0);
  return {
    seeds: wholeNumber("seeds", values.seeds, 1),
    only: values.only,
    played: values.played === "" ? null : values.played,
    jobs: wholeNumber("jobs", values.jobs, 1),
    explorations,
    // The last thing asked for is calibration from wave 11 on and what follows the change of wave 10.
    waves: wholeNumber("waves", values.waves, 15),
  };
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new Error(`--${name} ${text} is not a whole number of at least ${least}`);
  return value;
}

async function playWorlds(file: PlayedFile): Promise<JobOutcome[]> {
  const done: JobOutcome[] = [];
  const orders: Order[] = [];
  for (let seed = 1; seed <= options.seeds; seed++) {
    for (const world of WORLD_NAMES) {
      for (const numAgents of FLEET_SIZES) {
        if (!`${world}/${numAgents}`.includes(options.only)) continue;
        const job = { world, numAgents, seed, numWaves: options.waves, explorations: options.explorations };
        const known = file.find(job);
        if (known === null) orders.push({ kind: "play", job });
        else done.push(known);
      }
    }
  }
  const fresh: JobOutcome[] = [];
  await runOrders(childFile, orders, options.jobs, (report) => {
    if (report.kind !== "played") throw new Error("a world was played and something else reported");
    file.add(report.outcome);
    fresh.push(report.outcome);
    tellProgress(fresh, orders.length);
  });
  return [...done, ...fresh];
}

/** Now and then: how far it is, and when it will be done. */
function tellProgress(done: readonly JobOutcome[], total: number): void {
  if (done.length % Math.max(1, Math.ceil(total / 25)) !== 0) return;
  const elapsed = (performance.now() - startMs) / 60_000;
  const left = (elapsed / done.length) * (total - done.length);
  const perWave = done.reduce((sum, { wallMs }) => sum + wallMs, 0) / done.length / options.waves;
  process.stderr.write(
    `${done.length} of ${total} worlds, ${perWave.toFixed(0)} ms a wave of all policies, about ${left.toFixed(1)} minutes left\n`,
  );
}

/** Alone on the machine, after everything else. */
async function takeTimes(): Promise<Timings> {
  let timings: Timings | null = null;
  await runOrders(childFile, [{ kind: "time" }], 1, (report) => {
    if (report.kind === "timed") timings = report.timings;
  });
  if (timings === null) throw new Error("no times were taken");
  return timings;
}

async function reportAll(): Promise<number> {
  const cells = cellsOf(outcomes);
  const figures = allFigures(cells, options.explorations, timings);
  const missed = figures.filter(({ verdict }) => verdict === "missed");
  const judged = figures.filter(({ verdict }) => verdict !== null).length;
  const doubtful = figures.filter(({ verdict }) => verdict === "within_interval").length;
  const text = [
    `# Learning, ${options.seeds} seeds × ${options.waves} waves`,
    `${describeConditions(conditions)}, ${minutes.toFixed(1)} minutes of one process. Mean ± half of the 95 % interval over seeds.`,
    ...(cells.length === 0
      ? []
      : [
          "## Expected completed tasks a wave (of 40), waves 10 on; `throughput`: expected makespan",
          scoreTable(cells, options.explorations),
          "## Runs in which the monitor raised an alarm",
          alarmTable(cells, options.explorations),
        ]),
    "## Figures",
    figureTable(figures),
    `${judged - missed.length - doubtful} of ${judged} figures are met, ${doubtful} more within their interval${missed.length === 0 ? "." : "; MISSED:"}`,
    ...(missed.length === 0 ? [] : [figureTable(missed)]),
  ].join("\n\n");
  process.stdout.write(`${text}\n`);
  if (options.only === "") {
    const document = { conditions, options, minutes, figures, timings, wave_means: waveMeans(cells) };
    await writeFile(`${FOLDER}results/learning.json`, `${JSON.stringify(document, null, 1)}\n`);
    await writeFile(`${FOLDER}results/learning.md`, `${text}\n`);
  }
  return missed.length;
}
