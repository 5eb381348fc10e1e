import type { Command } from "commander";
import {
  parseDuration,
  parseLoadLimit,
  parseWeights,
  type SolveOptions,
  type SolverChoice,
  STRATEGIES,
  type StrategyName,
} from "../../domain/index.js";
import type { OutputFlags } from "./notes.js";
import { readChoice, readInstant, readInteger, readList, readText } from "./option-values.js";
import { addOutputOptions, addSearchOptions, addValue } from "./options.js";

/** The options of `solve` as parsed. */
export interface SolveFlags extends OutputFlags {
  readonly strategy?: StrategyName;
  readonly problem?: string;
  readonly phase18?: string;
  readonly tasks?: string;
  readonly phase16?: string;
  readonly phase17?: string;
  readonly wave?: number;
  readonly agents?: readonly string[];
  readonly agentsFile?: string;
  readonly priorityOrder?: "ascending" | "descending";
  readonly solver?: SolverChoice;
  readonly timeLimit?: string;
  readonly workLimit?: number;
  readonly threads?: number;
  readonly gap?: number;
  readonly seed?: number;
  /** Epoch milliseconds. */
  readonly now?: number;
  readonly loadLimit?: string;
  readonly maxRetries?: number;
  readonly weights?: string;
  readonly riskAversion?: number;
  readonly exploration?: number;
  readonly exploreHighRisk?: boolean;
  /** False with `--no-defer`. */
  readonly defer: boolean;
  /** A learned state, only read. */
  readonly state?: string;
  readonly out?: string;
  readonly saveProblem?: string;
}

const EXAMPLES = `
Examples:
  $ phase19 solve --strategy maximize_success --problem wave.json
  $ phase19 solve --strategy balance_load --phase18 outputs/phase18 --phase16 outputs/phase16 --wave 1
  $ phase19 solve --strategy mix --weights success=0.7,throughput=0.3 --problem - < wave.json
  $ phase19 solve --strategy maximize_success --phase18 outputs/phase18 --wave 1 --state learned_state.json \\
      --exploration 0.01

Durations are written 500ms, 5s or 2m; - is standard input.`;

export function defineSolve(root: Command, accept: (flags: SolveFlags) => void): void {
  const command = root
    .command("solve")
    .description("Plan one wave: which agent does which task, in which order, and how good that provably is.")
    .addHelpText("after", EXAMPLES)
    .action((flags: SolveFlags) => accept(flags));
  addInputOptions(command);
  addSearchOptions(command);
  addPlanOptions(command);
  addValue(command, "--out <file>", "write the JSON result there too", readText);
  addValue(command, "--save-problem <file>", "write the full problem document: every estimate and option", readText);
  addOutputOptions(command);
}

function addInputOptions(command: Command): void {
  addValue(command, "--strategy <name>", STRATEGIES.join(", "), readChoice(STRATEGIES));
  addValue(command, "--problem <file>", "a problem document, or - for standard input", readText);
  addValue(command, "--phase18 <dir>", "instead of --problem: Phase 18's output directory", readText);
  addValue(command, "--tasks <file>", "with --phase18: the task file (default: phase16/planned_tasks.jsonl)", readText);
  addValue(command, "--phase16 <dir>", "with --phase18: Phase 16's output directory", readText);
  addValue(command, "--phase17 <dir>", "with --phase18: Phase 17's output directory", readText);
  addValue(command, "--wave <number>", "with --phase18: the wave to plan, where there are several", readInteger(0));
  addValue(command, "--agents <ids>", "with --phase18: only these agents, between commas", readList);
  addValue(command, "--agents-file <file>", "with --phase18: slots, skills, capacity and cost of agents", readText);
  addValue(command, "--state <file>", "predict from this learned state too; it is only read", readText);
  addValue(
    command,
    "--priority-order <order>",
    "with --phase18: ascending (1 is first, the default) or descending",
    readChoice(["ascending", "descending"]),
  );
}

function addPlanOptions(command: Command): void {
  addValue(command, "--now <instant>", "a fixed clock: ISO-8601 with its zone", readInstant);
  addValue(command, "--weights <list>", "for mix: success=0.6,throughput=0.4", readText);
  command.option("--no-defer", "every task must be placed");
}

/**
 * The options the user gave, and no others, so that the problem document's own options keep their say.
 *
 * @throws InputError on a duration, load limit or weight list that is none
 */
export function readCallOptions(flags: SolveFlags): Partial<SolveOptions> {
  const { strategy, solver, workLimit, threads, gap, seed, maxRetries, riskAversion } = flags;
  const { exploration, exploreHighRisk, timeLimit, loadLimit, weights } = flags;
  return {
    ...(strategy !== undefined && { strategy }),
    ...(solver !== undefined && { solver }),
    ...(workLimit !== undefined && { workLimit }),
    ...(threads !== undefined && { threads }),
    ...(gap !== undefined && { gap }),
    ...(seed !== undefined && { seed }),
    ...(maxRetries !== undefined && { maxRetries }),
    ...(riskAversion !== undefined && { riskAversion }),
    ...(exploration !== undefined && { exploration }),
    ...(exploreHighRisk !== undefined && { exploreHighRisk }),
    ...(!flags.defer && { noDefer: true }),
    ...(timeLimit !== undefined && { timeLimitMs: parseDuration(timeLimit, "--time-limit") }),
    ...(loadLimit !== undefined && { loadLimit: parseLoadLimit(loadLimit, "--load-limit") }),
    ...(weights !== undefined && { weights: parseWeights(weights, "--weights") }),
  };
}
