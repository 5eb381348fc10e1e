/**
 * What `phase19 solve` costs on a document of 10,000 tasks × 100 agents without estimates, which are predicted from a learned state: reading, predicting,
 * solving and writing, each strategy in a process of its own. Every result is checked by `phase19 verify` against what it solved.
 *
 *   npm run bench:documents [-- --tasks 10000 --agents 100 --time-limit 20s --strategy maximize_success,balance_load]
 *
 * Exit code 1 where a solve takes more than 30 s or 1 GiB, or a result does not pass.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type ResultDocument, RISK_LEVELS, STRATEGIES } from "../src/domain/index.js";
import { createRandom, type Random } from "../src/domain/random.js";
import { describeConditions, readConditions } from "./conditions.js";
import { type CommandCost, measureCommand, tellCost } from "./measured-command.js";
import { formatNumber, formatPercent, markdownTable } from "./text-table.js";

const AIMS = { seconds: 30, mebibytes: 1024 } as const;
const NUM_TYPES = 50;
/** Of each agent, in the history. */
const NUM_OUTCOMES = 400;

const { values: flags } = parseArgs({
  options: {
    tasks: { type: "string", default: "10000" },
    agents: { type: "string", default: "100" },
    "time-limit": { type: "string", default: "20s" },
    strategy: { type: "string", default: STRATEGIES.join(",") },
  },
});
const [numTasks, numAgents] = [Number(flags.tasks), Number(flags.agents)];
const root = mkdtempSync(join(tmpdir(), "phase19-documents-"));
try {
  process.exitCode = run() ? 0 : 1;
} finally {
  rmSync(root, { recursive: true });
}

function run(): boolean {
  console.log(`${numTasks} × ${numAgents}, limit ${flags["time-limit"]}; ${describeConditions(readConditions())}`);
  const random = createRandom(1);
  const [problem, state, filled, result] = ["problem", "state", "filled", "result"].map((name) =>
    join(root, `${name}.json`),
  );
  writeHistory(random);
  writeFileSync(problem!, JSON.stringify(drawDocument(random)));
  console.log(
    `learning ${numAgents * NUM_OUTCOMES} outcomes: ${tellCost(measureCommand("learn", "--phase18", join(root, "phase18"), "--state", state!))}`,
  );
  const given = ["--problem", problem!, "--state", state!];
  // What `verify` needs: the same estimates, written by a solve that hardly searches.
  measureCommand(
    "solve",
    ...given,
    "--strategy",
    "minimize_cost",
    "--work-limit",
    "1",
    "--save-problem",
    filled!,
    "--quiet",
  );
  const rows = flags.strategy.split(",").map((strategy) => {
    const words = ["--strategy", strategy, "--time-limit", flags["time-limit"], "--out", result!, "--quiet"];
    const cost = measureCommand("solve", ...given, ...words);
    const check = measureCommand("verify", result!, "--problem", filled!, "--strategy", strategy, "--quiet");
    const row = describe(strategy, cost, check);
    process.stderr.write(`${row.join("  ")}\n`);
    return row;
  });
  console.log(
    markdownTable(
      ["strategy", "value", "bound", "gap", "ended", "s", "processor s", "peak MiB", "verify s", "aims"],
      rows,
    ),
  );
  return rows.every((row) => row.at(-1) === "kept");

  function describe(strategy: string, cost: CommandCost, check: CommandCost): string[] {
    const { objective, termination, limit } = JSON.parse(readFileSync(result!, "utf8")) as ResultDocument;
    const orNone = (value: number | null, format: (value: number) => string): string =>
      value === null ? "–" : format(value);
    const isKept = cost.seconds <= AIMS.seconds && cost.mebibytes <= AIMS.mebibytes;
    return [
      ...[strategy, orNone(objective.value, formatNumber), orNone(objective.bound, formatNumber)],
      ...[orNone(objective.gap, formatPercent), limit ?? termination],
      ...[cost.seconds.toFixed(1), cost.cpuSeconds.toFixed(1), cost.mebibytes.toFixed(0), check.seconds.toFixed(1)],
      isKept ? "kept" : "MISSED",
    ];
  }
}

/** Outcomes of every agent, of which some are good at a type and some are not. */
function writeHistory(random: Random): void {
  for (let agent = 0; agent < numAgents; agent++) {
    const folder = join(root, "phase18", "wave_1", `agent_${agent}`);
    mkdirSync(folder, { recursive: true });
    const lines = Array.from({ length: NUM_OUTCOMES }, (_, k) => JSON.stringify(drawOutcome(agent, k, random)));
    writeFileSync(join(folder, "task_outcomes.jsonl"), `${lines.join("\n")}\n`);
  }
}

function drawOutcome(agent: number, row: number, random: Random): object {
  const type = random.below(NUM_TYPES);
  return {
    ...{ task_id: `past_${agent}_${row}`, agent_id: `agent_${agent}`, wave: 1, attempts: 1 + random.below(2) },
    status: random.unit() < 0.4 + 0.1 * (agent % 4) + 0.15 * ((agent + type) % 3) ? "success" : "failed",
    execution_time_ms: Math.round(1_000 * (1 + (agent % 5)) * (0.5 + random.unit())),
    ...{ confidence_before: drawConfidence(random), confidence_delta: 0.05 * random.unit() },
    ...{ risk_level: RISK_LEVELS[random.below(RISK_LEVELS.length)]!, task_type: `type_${type}` },
    timestamp: "2026-01-01T00:00:00Z",
  };
}

function drawDocument(random: Random): object {
  const tasks = Array.from({ length: numTasks }, (_, k) => ({
    ...{ task_id: `task_${k}`, task_type: `type_${random.below(NUM_TYPES)}` },
    ...{ risk_level: RISK_LEVELS[random.below(RISK_LEVELS.length)]!, confidence: drawConfidence(random) },
  }));
  return {
    schema_version: 1,
    agents: Array.from({ length: numAgents }, (_, k) => ({ agent_id: `agent_${k}` })),
    tasks,
  };
}

function drawConfidence(random: Random): number {
  return Math.round(1_000 * (0.5 + 0.5 * random.unit())) / 1_000;
}
