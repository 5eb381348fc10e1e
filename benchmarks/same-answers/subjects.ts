import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listProblems, type NamedProblem, SINGLE_STRATEGIES, SOLVE_STRATEGIES } from "./problems.js";

/** One start of the command in the subject's folder. Paths among the words are relative to it. */
export interface Call {
  readonly words: readonly string[];
  /** File for what it prints on standard output. */
  readonly output: string;
  /** Changes files of the folder before this call. */
  readonly before?: (folder: string) => void;
}

/** Calls that share one folder below the record. */
export interface Subject {
  readonly name: string;
  readonly prepare: (folder: string) => void;
  readonly calls: readonly Call[];
}

const FIXTURES = fileURLToPath(new URL("../../fixtures", import.meta.url));
const FIXTURE_NAMES = ["demo", "fleet", "sparse"] as const;
const PHASES = ["phase16", "phase17", "phase18"] as const;
type FixtureName = (typeof FIXTURE_NAMES)[number];

/** Enough for the engine to prove some waves of `fleet` and to be stopped on others. */
const RUN_WORK = 1_000_000;
const SOLVE_WORK = 300_000;
/** The clock must never strike, on a busy machine either. */
const TIME_LIMIT = "600s";
const NOW = "2026-01-01T00:00:00Z";

const JSON_FORMAT = ["--format", "json"];
const CLOCK = ["--now", NOW];

export function listSubjects(): Subject[] {
  return [
    ...FIXTURE_NAMES.flatMap((fixture) =>
      [...SINGLE_STRATEGIES, "mix", "adaptive"].map((strategy) => runSubject(fixture, strategy, strategy, [])),
    ),
    ...runVariants(),
    ...listProblems().map(solveSubject),
    ...phaseSolves(),
    tamperedSubject(),
    ...SOLVE_STRATEGIES.map(modelSubject),
    ...FIXTURE_NAMES.map(learnSubject),
  ];
}

function runSubject(fixture: FixtureName, name: string, strategy: string, flags: readonly string[]): Subject {
  return {
    name: `runs/${fixture}-${name}`,
    prepare: (folder) => copyFixture(fixture, folder),
    calls: [{ words: runWords(strategy, 1, flags), output: "stdout.json" }],
  };
}

function runWords(strategy: string, seed: number, flags: readonly string[]): string[] {
  const files = ["--outputs", ".", "--events", "events.jsonl"];
  return ["run", "--strategy", strategy, ...files, ...limits(RUN_WORK, seed), ...JSON_FORMAT, ...flags];
}

/** Ways of a run that no strategy alone takes: the live gate, exploration, no second chance, a run after a run. */
function runVariants(): Subject[] {
  const gate = ["--gate", "live", "--approve", "wave1_task05,wave2_task05", "--allow-threshold-relaxation"];
  const again = runSubject("demo", "again", "mix", []);
  return [
    runSubject("demo", "live-gate", "maximize_success", gate),
    runSubject("fleet", "approval", "maximize_throughput", ["--gate", "live", "--require-approval", "--waves", "2"]),
    runSubject("fleet", "exploration", "maximize_success", ["--exploration", "0.05", "--waves", "3"]),
    runSubject("fleet", "one-attempt", "balance_load", ["--max-retries", "0", "--no-reassign", "--waves", "3"]),
    { ...again, calls: [...again.calls, { words: runWords("adaptive", 2, []), output: "second.json" }] },
  ];
}

function solveSubject({ name, document, strategy, flags }: NamedProblem): Subject {
  return {
    name: `solves/${name}`,
    prepare: (folder) => writeJson(join(folder, "problem.json"), document),
    calls: [solveCall(["--strategy", strategy, "--problem", "problem.json", ...flags]), VERIFY],
  };
}

function solveCall(words: readonly string[]): Call {
  const saved = ["--save-problem", "full.json"];
  return { words: ["solve", ...words, ...saved, ...limits(SOLVE_WORK, 1), ...JSON_FORMAT], output: "result.json" };
}

const VERIFY: Call = {
  words: ["verify", "result.json", "--problem", "full.json", ...JSON_FORMAT],
  output: "verify.json",
};

/** Waves planned from the files of Phases 16 to 18, once from a learned state too. */
function phaseSolves(): Subject[] {
  const rows: readonly (readonly [FixtureName, name: string, words: readonly string[]])[] = [
    ["demo", "success", ["--strategy", "maximize_success", "--wave", "1"]],
    ["demo", "mix", ["--strategy", "mix", "--wave", "2", "--agents", "agent_0,agent_1,agent_2"]],
    ["demo", "retries", ["--strategy", "minimize_retries", "--wave", "3", "--priority-order", "descending"]],
    ["fleet", "throughput", ["--strategy", "maximize_throughput", "--wave", "2"]],
    ["fleet", "confidence", ["--strategy", "confidence_optimization", "--wave", "5"]],
    ["sparse", "balance", ["--strategy", "balance_load"]],
  ];
  const plain = rows.map(([fixture, name, words]): Subject => ({
    name: `solves/phase18-${fixture}-${name}`,
    prepare: (folder) => copyFixture(fixture, folder),
    calls: [solveCall([...words, ...phaseWords(fixture)]), VERIFY],
  }));
  const words = ["--strategy", "maximize_success", "--wave", "1", "--state", "state.json", "--exploration", "0.02"];
  const fromState: Subject = {
    name: "solves/phase18-demo-state",
    prepare: (folder) => copyFixture("demo", folder),
    calls: [
      learnCall("learned.json", phaseWords("demo")),
      solveCall([...words, "--phase18", "phase18", "--phase16", "phase16"]),
      VERIFY,
    ],
  };
  return [...plain, fromState];
}

/** A result with a better value than its plan has: `verify` must say the same against it. */
function tamperedSubject(): Subject {
  const problem = listProblems().find(({ name }) => name === "success-tight")!;
  const tamper = (folder: string): void => {
    const path = join(folder, "result.json");
    const result = JSON.parse(readFileSync(path, "utf8")) as { objective: { value: number } };
    result.objective.value += 1;
    writeJson(path, result);
  };
  const { prepare, calls } = solveSubject(problem);
  return { name: "verify/tampered", prepare, calls: [...calls.slice(0, 1), { ...VERIFY, before: tamper }] };
}

function modelSubject(strategy: (typeof SOLVE_STRATEGIES)[number]): Subject {
  const problems = listProblems().filter(({ name }) =>
    ["throughput-slots", "cost-budget", "priced-mix"].includes(name),
  );
  return {
    name: `models/${strategy}`,
    prepare: (folder) => {
      for (const { name, document } of problems) writeJson(join(folder, `${name}.json`), document);
    },
    calls: problems.map(({ name }) => ({
      words: ["show-model", "--strategy", strategy, "--problem", `${name}.json`],
      output: `${name}.lp`,
    })),
  };
}

/** History learned, the same again, and a look at the state. */
function learnSubject(fixture: FixtureName): Subject {
  const words = phaseWords(fixture);
  return {
    name: `learn/${fixture}`,
    prepare: (folder) => copyFixture(fixture, folder),
    calls: [learnCall("learned.json", words), learnCall("again.json", words), learnCall("inspected.json", [])],
  };
}

function learnCall(output: string, words: readonly string[]): Call {
  return { words: ["learn", "--state", "state.json", ...words, ...CLOCK, ...JSON_FORMAT], output };
}

function limits(work: number, seed: number): string[] {
  return ["--work-limit", String(work), "--time-limit", TIME_LIMIT, "--seed", String(seed), ...CLOCK];
}

function phaseWords(fixture: FixtureName): string[] {
  return PHASES.filter((phase) => existsSync(join(FIXTURES, fixture, phase))).flatMap((phase) => [`--${phase}`, phase]);
}

function copyFixture(fixture: FixtureName, folder: string): void {
  for (const phase of PHASES) {
    const from = join(FIXTURES, fixture, phase);
    if (existsSync(from)) cpSync(from, join(folder, phase), { recursive: true });
  }
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 1)}\n`);
}
