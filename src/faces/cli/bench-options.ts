import type { Command } from "commander";
import { type SuiteName, SUITES } from "../../domain/index.js";
import { MAX_SEED } from "../../domain/schemas/index.js";
import type { OutputFlags } from "./notes.js";
import { readChoice, readInteger, readList, readText, type ValueReader } from "./option-values.js";
import { addOutputOptions, addValue } from "./options.js";

export interface BenchFlags extends OutputFlags {
  readonly suite?: SuiteName;
  readonly only?: string;
  readonly timeLimit?: string;
  readonly seeds?: readonly number[];
  readonly out?: string;
}

/** Seeds between commas, each once. */
const readSeeds: ValueReader<readonly number[]> = (text, place) =>
  readList(text, place).map((seed) => readInteger(0, MAX_SEED)(seed, place));

export function defineBench(root: Command, accept: (flags: BenchFlags) => void): void {
  const command = root
    .command("bench")
    .description("Measure ours against heuristics on benchmark instances; every answer is verified before it counts.")
    .addHelpText(
      "after",
      `
Example:
  $ phase19 bench --suite gap --only gen-c --time-limit 1s --seeds 1 --format table

Instances are generated. Exit code 5 where an answer of ours does not verify.`,
    )
    .action((flags: BenchFlags) => accept(flags));
  addValue(command, "--suite <name>", `${SUITES.join(", ")} (default: all)`, readChoice(SUITES));
  addValue(command, "--only <text>", "only instances with this text in suite/name", readText);
  addValue(command, "--time-limit <duration>", "for each solve (default: 10s)", readText);
  addValue(command, "--seeds <list>", "one solve each, the median counts (default: 1,2,3)", readSeeds);
  addValue(command, "--out <file>", "write the JSON report there too", readText);
  addOutputOptions(command);
}
