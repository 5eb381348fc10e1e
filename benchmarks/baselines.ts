/**
 * Ours against the heuristic baselines, on the fixtures. Usage: npm run bench:baselines [-- --only TEXT]
 *
 * Prints tables; a full run writes benchmarks/results/baselines.{json,md} and the table of docs/benchmarks.md. Ends with 1 where a
 * baseline beats ours on a strategy's own goals, or ours has less true success, or the twins are not told apart.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BASELINES } from "../src/planner/heuristics/baselines.js";
import { DEFAULT_OPTIONS } from "../src/planner/solve/options.js";
import { closeSolvers } from "../src/engine/exact/registry.js";
import {
  baselineTable,
  ruleList,
  summaryTable,
  truthTable,
  twinTable,
  type TwinCounts,
  waveTable,
} from "./baseline-report.js";
import { measurementToJson, truthToJson } from "./baseline-json.js";
import { describeConditions, readConditions } from "./conditions.js";
import {
  addCounts,
  compareInTruth,
  countTypes,
  readTruth,
  shareOfOwnTypes,
  type TrueComparison,
} from "./hidden-truth.js";
import { labelOf, type Measurement, measureSuite, SUITE, type SuiteCase, totalsOf } from "./suite.js";

const REPETITIONS = 5;
const SEED = 1;
/** Share of a twin's tasks that must be of its own types. */
const MIN_OWN_SHARE = 0.9;
const ROOT = fileURLToPath(new URL("..", import.meta.url));

const { values: flags } = parseArgs({ options: { only: { type: "string", default: "" } } });
const context = { now: Date.now, clock: () => performance.now(), fixedNow: false };
const conditions = readConditions();
const failures: string[] = [];
const measurements: Measurement[] = [];
const truths = new Map<SuiteCase, TrueComparison[]>();
const twinCounts: TwinCounts[] = [];
const truth = readTruth("fleet");
const twins = truth.opposite_agents;

for await (const one of measureSuite({ only: flags.only, repetitions: REPETITIONS, seed: SEED, context })) {
  const label = labelOf(one.suiteCase, one.wave.wave, one.strategy);
  console.error(`${label}: ${one.comparison.ours.wallMs.toFixed(0)} ms`);
  measurements.push(one);
  for (const name of one.comparison.betterThanOurs) failures.push(`${label}: "${name}" is better than ours`);
  for (const { name, violation } of one.comparison.rejected) failures.push(`${label}: "${name}" breaks ${violation}`);
  if (one.suiteCase.fixture === "fleet" && one.strategy === "maximize_success") await lookAtTruth(one);
}
checkTwins();

const sections = buildSections();
console.log(sections.map(({ title, text }) => `## ${title}\n\n${text}\n`).join("\n"));
if (flags.only === "") writeResults();
for (const failure of failures) console.error(`FAILED ${failure}`);
console.error(`${measurements.length} measurements, ${failures.length} failures`);
await closeSolvers();
process.exitCode = failures.length === 0 && measurements.length > 0 ? 0 : 1;

async function lookAtTruth({ suiteCase, wave, comparison }: Measurement): Promise<void> {
  const options = { ...DEFAULT_OPTIONS, strategy: "maximize_success", loadLimit: suiteCase.loadLimit } as const;
  const compared = await compareInTruth(truth, wave, comparison, options, context);
  truths.set(suiteCase, [...(truths.get(suiteCase) ?? []), compared]);
  if (compared.ours <= compared.best.value) {
    const { name, value } = compared.best;
    failures.push(`${suiteCase.name}, wave ${wave.wave}: true success ${compared.ours}, "${name}" has ${value}`);
  }
  if (suiteCase.loadLimit !== null || twins === undefined) return;
  const counts = Object.fromEntries(twins.map((id) => [id, countTypes(wave.problem, comparison.result, id)]));
  twinCounts.push({ wave: wave.wave, counts });
}

function checkTwins(): void {
  if (twins === undefined || twinCounts.length === 0) return;
  for (const [id, other] of [twins, twins.toReversed() as [string, string]]) {
    const share = shareOfOwnTypes(truth, addCounts(twinCounts.map(({ counts }) => counts[id]!)), id, other);
    if (share < MIN_OWN_SHARE)
      failures.push(`${id}: only ${(100 * share).toFixed(0)} % of its tasks are of its own types`);
  }
}

function buildSections(): { title: string; text: string }[] {
  const totals = totalsOf(measurements);
  const perCase = SUITE.map(({ name }) => ({ name, own: totals.filter(({ caseName }) => caseName === name) }));
  return [
    { title: "Ours and the best baseline, all waves together", text: summaryTable(totals) },
    ...perCase
      .filter(({ own }) => own.length > 0)
      .map(({ name, own }) => ({ title: `First goal of every planner: ${name}`, text: baselineTable(own) })),
    { title: "Wave by wave", text: waveTable(measurements) },
    ...Array.from(truths, ([{ name }, compared]) => ({
      title: `True expected successes of the \`maximize_success\` plans: ${name}`,
      text: truthTable(compared),
    })),
    ...(twins === undefined || twinCounts.length === 0
      ? []
      : [{ title: "Task types of two agents with equal aggregates", text: twinTable(twins, twinCounts) }]),
  ];
}

function conditionsText(): string {
  const { timeLimitMs, workLimit } = DEFAULT_OPTIONS;
  return (
    `${describeConditions(conditions)}. Solver auto, seed ${SEED}, time limit ${timeLimitMs / 1000} s, ` +
    `work limit ${workLimit ?? "default"}, load limit default unless named; times are medians of ${REPETITIONS} warm solves, or of one that a limit ended.`
  );
}

function writeResults(): void {
  const folder = `${ROOT}/benchmarks/results`;
  mkdirSync(folder, { recursive: true });
  const { timeLimitMs: time_limit_ms, workLimit: work_limit, gap } = DEFAULT_OPTIONS;
  const document = {
    conditions: { ...conditions, seed: SEED, repetitions: REPETITIONS, time_limit_ms, work_limit, gap },
    measurements: measurements.map(measurementToJson),
    true_success: Array.from(truths).flatMap(([{ name }, waves]) => waves.map((one) => truthToJson(name, one))),
    twins: twinCounts,
    failures,
  };
  writeFileSync(`${folder}/baselines.json`, `${JSON.stringify(document, null, 1)}\n`);
  const body = sections.map(({ title, text }) => `## ${title}\n\n${text}\n`).join("\n");
  const notes =
    "Value of the first goal, waves added up. Every planner keeps the same limits; what it cannot place it defers, and less deferred weight comes first. " +
    "A baseline's task goes to the next agent of its own order where the first has no room.";
  const head = `# Ours against heuristic baselines\n\n${conditionsText()}\n\n${notes}\n\n${ruleList()}\n`;
  writeFileSync(`${folder}/baselines.md`, `${head}\n${body}`);
  writeGuideTable();
}

function writeGuideTable(): void {
  const file = `${ROOT}/docs/benchmarks.md`;
  const [begin, end] = ["<!-- benchmark:begin -->", "<!-- benchmark:end -->"];
  const guide = readFileSync(file, "utf8");
  const [from, to] = [guide.indexOf(begin), guide.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${file} has no ${begin} … ${end}`);
  const text = [
    begin,
    "## Against heuristics",
    "",
    "First goal over all waves of the bundled fixtures: phase19 (`ours`), its bound, and the best of ten heuristics under the same limits",
    "(benchmarks/results/baselines.md). A heuristic that defers more is worse; otherwise the first goal is compared.",
    deferralNote(),
    "",
    summaryTable(totalsOf(measurements)),
    "",
    `${conditionsText()} \`npm run bench:baselines\` measures again.`,
    "",
  ].join("\n");
  writeFileSync(file, guide.slice(0, from) + text + guide.slice(to));
}

/** Says for which part of the comparison deferral, not the goal, is what tells planners apart. */
function deferralNote(): string {
  const [total] = totalsOf(measurements).filter(({ caseName }) => caseName === "fleet");
  const numDeferring = total?.baselines.filter(({ deferredWeight }) => deferredWeight > 0).length ?? 0;
  return (
    `Under the default load limit ${numDeferring} of ${BASELINES.length} heuristics must defer tasks of the fleet, so the fleet is ` +
    "measured without one too; its agents have no costs."
  );
}
