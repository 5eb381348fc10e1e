import type { Command } from "commander";
import {
  checkRunId,
  GATE_MODES,
  type GateMode,
  InputError,
  type SolverChoice,
  STRATEGIES,
  type StrategyName,
} from "../../domain/index.js";
import type { OutputFlags } from "./notes.js";
import { readChoice, readInstant, readInteger, readList, readText } from "./option-values.js";
import { addOutputOptions, addSearchOptions, addValue } from "./options.js";

/** What `--execute` may be: who runs the tasks. */
const EXECUTORS = ["simulated"] as const;

/** Directories and files that `run` and `evaluate` share. */
export interface PlaceFlags {
  readonly outputs?: string;
  readonly phase16?: string;
  readonly phase18?: string;
  readonly out?: string;
  readonly state?: string;
  readonly runId?: string;
  readonly fresh?: boolean;
  readonly replace?: boolean;
  /** Epoch milliseconds. */
  readonly now?: number;
  readonly events?: string;
}

/** The options of `run` as parsed; durations, limits and weights are still text, because the files room reads them. */
export interface RunFlags extends OutputFlags, PlaceFlags {
  readonly phase17?: string;
  readonly tasks?: string;
  readonly agents?: readonly string[];
  readonly agentsFile?: string;
  readonly priorityOrder?: "ascending" | "descending";
  readonly waves?: number;
  readonly strategy?: StrategyName | "adaptive";
  readonly weights?: string;
  readonly dryRun?: boolean;
  readonly live?: boolean;
  readonly execute?: (typeof EXECUTORS)[number];
  readonly gate?: GateMode;
  readonly approve?: string;
  readonly requireApproval?: boolean;
  readonly allowThresholdRelaxation?: boolean;
  /** False with `--no-reassign`. */
  readonly reassign: boolean;
  readonly solver?: SolverChoice;
  readonly timeLimit?: string;
  readonly workLimit?: number;
  readonly threads?: number;
  readonly gap?: number;
  readonly seed?: number;
  readonly loadLimit?: string;
  readonly maxRetries?: number;
  readonly riskAversion?: number;
  readonly exploration?: number;
  readonly exploreHighRisk?: boolean;
}

const EXAMPLES = `
Examples:
  $ phase19 run --outputs outputs
  $ phase19 run --outputs outputs --strategy adaptive --weights success=0.7,throughput=0.3
  $ phase19 run --outputs outputs --exploration 0.01
  $ phase19 run --outputs outputs --waves 2 --gate live --approve approved.txt --events events.jsonl

Reads phase16, phase17 and phase18 below --outputs, writes phase19 there in one swap, and adds a feedback
row to phase16 and phase18. Ctrl-C keeps the finished waves.`;

export function defineRun(root: Command, accept: (flags: RunFlags) => void): void {
  const command = root
    .command("run")
    .description("The whole pipeline: gate, plan, execute (simulated), compare, learn, watch and report.")
    .addHelpText("after", EXAMPLES)
    .action((flags: RunFlags) => {
      checkExecution(flags);
      accept(flags);
    });
  addPlaceOptions(command);
  addValue(command, "--phase17 <dir>", "Phase 17's output directory (default: phase17 below --outputs)", readText);
  addValue(command, "--tasks <file>", "the task file (default: phase16/planned_tasks.jsonl)", readText);
  addValue(command, "--agents <ids>", "only these agents, between commas", readList);
  addValue(command, "--agents-file <file>", "slots, skills, capacity and cost of agents", readText);
  addValue(
    command,
    "--priority-order <order>",
    "ascending (1 is first, the default) or descending",
    readChoice(["ascending", "descending"]),
  );
  addValue(command, "--waves <number>", "run only the first so many waves", readInteger(1));
  addPlanningOptions(command);
  addSearchOptions(command);
  addExecutionOptions(command);
  addOutputOptions(command);
}

/** Where things are, for `run` and `evaluate`. */
export function addPlaceOptions(command: Command): void {
  addValue(command, "--outputs <dir>", "root of the phases' directories (default: ./outputs)", readText);
  addValue(command, "--phase16 <dir>", "Phase 16's output directory (default: phase16 below --outputs)", readText);
  addValue(command, "--phase18 <dir>", "Phase 18's output directory (default: phase18 below --outputs)", readText);
  addValue(command, "--out <dir>", "where to write (default: phase19 below --outputs)", readText);
  addValue(command, "--state <file>", "start from this learned state", readText);
  addValue(command, "--run-id <id>", "name of the run (default: derived from inputs, options and seed)", checkRunId);
  addValue(command, "--now <instant>", "a fixed clock: ISO-8601 with its zone", readInstant);
  addValue(command, "--events <file>", "what happens, as JSONL while it happens; - is standard output", readText);
  command.option("--fresh", "start from nothing learned").option("--replace", "replace a directory that is not ours");
}

function addPlanningOptions(command: Command): void {
  const strategies = [...STRATEGIES, "adaptive"] as const;
  addValue(
    command,
    "--strategy <name>",
    `${strategies.join(", ")} (default: maximize_success)`,
    readChoice(strategies),
  );
  addValue(command, "--weights <list>", "for mix and adaptive: success=0.6,throughput=0.4", readText);
}

function addExecutionOptions(command: Command): void {
  command
    .option("--dry-run", "run nothing for real (the default)")
    .option("--live", "run for real; needs an executor that does");
  addValue(command, "--execute <name>", "who runs the tasks: simulated (the default)", readChoice(EXECUTORS));
  addValue(command, "--gate <mode>", "live obeys the safety gate, rehearse only logs it", readChoice(GATE_MODES));
  addValue(
    command,
    "--approve <ids|file>",
    "tasks approved explicitly: ids between commas, or a file of them",
    readText,
  );
  command
    .option("--require-approval", "MEDIUM tasks need explicit approval too")
    .option("--allow-threshold-relaxation", "H16_004 may lower the gate's threshold for HIGH tasks")
    .option("--no-reassign", "a failed task is tried again on its own agent only");
}

function checkExecution({ live, dryRun, gate }: RunFlags): void {
  if (live !== true) return;
  if (dryRun === true) throw new InputError("phase19 run", "takes --dry-run or --live, not both");
  if (gate === "rehearse") {
    throw new InputError("--gate", "rehearse is for dry runs; a live run always obeys the live gate");
  }
  throw new InputError(
    "--live",
    "needs an executor that really runs tasks, and --execute has only simulated; leave --live out, or let Phase 18 run the plan and report its outcomes with phase19 evaluate",
  );
}
