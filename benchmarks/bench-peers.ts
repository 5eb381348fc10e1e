/**
 * Ours against other solvers, each run in a process of its own, one at a time.
 *
 * Usage: npm run bench:peers [-- --suite gap,rcmax --only TEXT --runner ours,highs --limit 10s --seeds 1,2,3 --rerun ours]
 *        npm run bench:peers -- report [--limit 10s]           the report from the runs that are kept
 *        npm run bench:peers -- compare BASELINE.json [--limit 10s]   ours against a stored summary; ends with 1 where it is worse
 *
 * Runs are kept in benchmarks/results/peers/raw and not repeated, except those of runners named by --rerun. A measurement of everything
 * writes benchmarks/results/peers/LIMIT.json and .md.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { SUITES } from "../src/domain/suites.js";
import { type BenchCase } from "../src/planner/bench/bench-instance.js";
import { suggestNearest } from "../src/domain/nearest.js";
import { parseDuration } from "../src/domain/units.js";
import { listPublicCases } from "./instances/public-cases.js";
import { describeConditions, readConditions } from "./conditions.js";
import { bundlePeers } from "./peers/bundle.js";
import { compareSummaries } from "./peers/compare.js";
import { renderPeers } from "./peers/markdown.js";
import { type PeerRecord, readRecord, type RecordKey, toRecord, writeRecord } from "./peers/record.js";
import { RUNNERS } from "./peers/runners.js";
import { runIsolated } from "./peers/run-isolated.js";
import { type InstanceSummary, OURS, summarizeRecords, totalRunners } from "./peers/summary.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = `${ROOT}benchmarks/results/peers`;
const DEFAULT_INSTANCES = `${ROOT}../shared/instances`;
/** Packages that only benchmarks/package.json brings. */
const PEER_PACKAGES = ["highs", "yalps", "or-tools-wasm"];

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    suite: { type: "string", default: "gap,rcmax,pcmax,waves" },
    only: { type: "string", default: "" },
    runner: { type: "string", default: RUNNERS.join(",") },
    limit: { type: "string", default: "10s" },
    seeds: { type: "string", default: "1,2,3" },
    rerun: { type: "string", default: "" },
    instances: { type: "string" },
  },
});
const limitMs = parseDuration(flags.limit, "--limit");
const suites = readNames(flags.suite, SUITES, "--suite");
const runners = readNames(flags.runner, RUNNERS, "--runner");
const rerun = flags.rerun === "" ? [] : readNames(flags.rerun, RUNNERS, "--rerun");
const seeds = flags.seeds.split(",").map(Number);
if (!seeds.every(Number.isInteger)) throw new Error(`--seeds: "${flags.seeds}" is not a list of whole numbers`);
const instancesDir =
  flags.instances ?? process.env["PHASE19_INSTANCES"] ?? (existsSync(DEFAULT_INSTANCES) ? DEFAULT_INSTANCES : null);
const conditions = readConditions();

const [action = "run", baselineFile] = positionals;
const cases = await listPublicCases({ suites, only: flags.only }, instancesDir);
if (action === "run") await measure();
const instances = summarizeRecords(cases.flatMap((one) => keysOf(one).flatMap((key) => readRecord(FOLDER, key) ?? [])));
if (action === "compare") compare();
else if (action === "run" || action === "report") report();
else throw new Error(`"${action}" is not one of run, report, compare`);

/** Every run that is not kept yet: all runners of an instance before the next one, so that a report of part of it is fair. */
async function measure(): Promise<void> {
  checkPackages();
  const bundle = await bundlePeers(`${ROOT}benchmarks/dist`);
  for (const [index, one] of cases.entries()) {
    const missing = keysOf(one).filter(
      (key) => rerun.includes(key.runner as never) || readRecord(FOLDER, key) === null,
    );
    if (missing.length === 0) continue;
    const instance = await one.load();
    for (const key of missing) {
      const { suite, name } = one;
      const job = { runnerUrl: bundle.urlOf(key.runner), suite, name, instancesDir, limitMs, seed: key.seed };
      const run = await runIsolated(bundle.childFile, job);
      const record = toRecord(key, instance, run, { date: conditions.date, commit: conditions.commit });
      writeRecord(FOLDER, record);
      console.error(`${index + 1} of ${cases.length} ${describeRecord(record)}`);
    }
  }
}

/** Ours with every seed, peers once. */
function keysOf({ suite, name }: BenchCase): RecordKey[] {
  return runners.flatMap((runner) =>
    (runner === OURS ? seeds : seeds.slice(0, 1)).map((seed) => ({
      runner,
      suite,
      instance: name,
      limit_ms: limitMs,
      seed,
    })),
  );
}

function describeRecord({ suite, instance, runner, seed, outcome, value, proven, wall_ms, fault }: PeerRecord): string {
  const time = wall_ms === null ? "" : `, ${wall_ms.toFixed(0)} ms`;
  const why = fault === null ? "" : `: ${fault}`;
  return `${suite}/${instance} ${runner} seed ${seed}: ${outcome} ${value ?? "no value"}${proven ? " proven" : ""}${time}${why}`;
}

function report(): void {
  const totals = totalRunners(instances);
  const versions = versionsOf();
  const text =
    `# Ours against other solvers\n\n${describeConditions(conditions)}. Limit ${flags.limit} each, one at a time, one thread, ` +
    `killed 2 s after it; every answer is counted again by us. Ours: median of the seeds ${seeds.join(", ")}; peers once. ${versions}.`;
  const markdown = renderPeers(text, instances, totals);
  console.log(markdown);
  const isWhole = flags.only === "" && runners.length === RUNNERS.length;
  if (!isWhole) return;
  mkdirSync(FOLDER, { recursive: true });
  const file = `${FOLDER}/${[...suites].sort().join("-")}-${flags.limit}`;
  writeFileSync(
    `${file}.json`,
    `${JSON.stringify({ conditions, limit_ms: limitMs, seeds, versions, totals, instances }, null, 1)}\n`,
  );
  writeFileSync(`${file}.md`, markdown);
}

/** From the records: what is kept may be of other versions than what is installed now. */
function versionsOf(): string {
  const records = cases.flatMap((one) => keysOf(one).flatMap((key) => readRecord(FOLDER, key) ?? []));
  const names = records.map(
    ({ runner, version, commit }) => `${runner} ${version ?? "?"}${runner === OURS ? ` (${commit})` : ""}`,
  );
  return [...new Set(names)].join(", ");
}

function compare(): void {
  if (baselineFile === undefined) throw new Error("compare needs the file of a stored summary");
  const baseline = JSON.parse(readFileSync(baselineFile, "utf8")) as { instances: readonly InstanceSummary[] };
  const { worse, better, slower, numCompared } = compareSummaries(instances, baseline.instances);
  for (const [title, lines] of Object.entries({ worse, better, slower })) {
    console.log(`${title}: ${lines.length}${lines.map((line) => `\n  ${line}`).join("")}`);
  }
  console.log(`${numCompared} instances compared`);
  process.exitCode = worse.length > 0 || numCompared === 0 ? 1 : 0;
}

function checkPackages(): void {
  const missing = PEER_PACKAGES.filter((name) => !existsSync(`${ROOT}benchmarks/node_modules/${name}`));
  const isNeeded = runners.some(
    (runner) => runner === "highs" || runner === "yalps" || runner === "cp-sat" || runner === "scip",
  );
  if (missing.length === 0 || !isNeeded) return;
  throw new Error(`${missing.join(", ")} not installed; run: npm install --prefix benchmarks`);
}

function readNames<T extends string>(text: string, choices: readonly T[], place: string): T[] {
  return text.split(",").map((word) => {
    const found = choices.find((choice) => choice === word);
    if (found === undefined)
      throw new Error(`${place}: "${word}" is not one of ${choices.join(", ")}; ${suggestNearest(word, choices)}`);
    return found;
  });
}
