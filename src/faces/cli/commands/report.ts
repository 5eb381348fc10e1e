import { stat } from "node:fs/promises";
import { COMMAND_OPTIONS, describeReadError, InputError, SOLVE_OPTIONS } from "../../../domain/index.js";
import type { PageDocument } from "../../../domain/schemas/index.js";
import { defineCommand, OUTPUT_OPTIONS } from "../command.js";
import { EXIT, type Environment } from "../environment.js";
import { type FlagsOf, givenByFlags, WHAT_IF_FLAGS, whatIfOf } from "../flags.js";
import { createNotes, type OutputFlags } from "../notes.js";
import { checkOutputFiles, writeOutputFile } from "../output-files.js";
import { presentPage } from "../present.js";
import { readProblemOf } from "../read-asked.js";
import { readJson } from "../read-json.js";
import { ANSWERS_CUT, runAbortably } from "../run-abortably.js";

const TIME_LIMIT = {
  timeLimitMs: { ...SOLVE_OPTIONS.timeLimitMs, help: "with --problem: for all answers together" },
};

/** `phase19 report`: a run or a plan as one page that a browser opens from disk. */
export const report = defineCommand({
  name: "report",
  summary: "Show a run or a plan as one HTML page: schedule, loads, proof, predictions, money, audit.",
  argument: "the folder of a run, or the result of solve, or - for standard input",
  options: [
    {
      ...COMMAND_OPTIONS.resultFile,
      help: "the page to write",
      otherwise: "the name of the run's folder or of the result, with .html",
    },
    {
      ...COMMAND_OPTIONS.problem,
      help: "of a result: its problem document, to ask what each agent and limit is worth and what would help",
    },
    COMMAND_OPTIONS.comparison,
    ...WHAT_IF_FLAGS,
    TIME_LIMIT.timeLimitMs,
    ...OUTPUT_OPTIONS,
  ],
  help: `
Examples:
  $ phase19 report outputs/phase19
  $ phase19 report result.json --out plan.html
  $ phase19 compare --problem wave.json --pareto success,throughput --out comparison.json
  $ phase19 report result.json --problem wave.json --comparison comparison.json

The page needs no network: mail it, or open it from disk. phase19 run and phase19 evaluate write one beside their Markdown.`,
  check: ({ out, problem, comparison }, input) => {
    if (input === "-" && out === undefined) throw new InputError("--out", "is needed with standard input");
    if ([input, problem, comparison].filter((file) => file === "-").length > 1) {
      throw new InputError("phase19 report", "only one of its inputs can be - (standard input)");
    }
  },
  run: async (flags, environment, input) => {
    const isFolder = input !== "-" && (await isDirectory(input));
    const path = flags.out ?? `${input.replace(isFolder ? /\/+$/ : /\.json$/, "")}.html`;
    const file = { option: "--out", path, kind: "page" as const };
    const inputs = [input, flags.problem, flags.comparison].filter((name) => name !== undefined);
    await checkOutputFiles([file], isFolder ? [] : inputs);
    const { pageOfFolder, renderPage } = await import("../../../pipeline/index.js");
    if (isFolder && (flags.problem ?? flags.comparison) !== undefined) {
      const option = flags.problem === undefined ? "--comparison" : "--problem";
      throw new InputError(option, "goes with a result of solve; the folder of a run holds what its page shows");
    }
    const { page, wasInterrupted } = isFolder
      ? { page: await pageOfFolder(input), wasInterrupted: false }
      : await pageOfPlan(input, flags, environment);
    const html = renderPage(page);
    await writeOutputFile(file, html);
    const stdout = await presentPage({ path, page }, flags, environment);
    return { stdout, exitCode: wasInterrupted ? EXIT.interrupted : EXIT.done };
  },
});

interface PlanFlags extends FlagsOf<(typeof WHAT_IF_FLAGS)[number]>, Omit<OutputFlags, "format"> {
  readonly problem?: string;
  readonly comparison?: string;
}

/** The page of a result, with what the other inputs add; without some of the answers where it was interrupted. */
async function pageOfPlan(
  input: string,
  flags: PlanFlags,
  environment: Environment,
): Promise<{ readonly page: PageDocument; readonly wasInterrupted: boolean }> {
  const { pageOfResult, withAnswers, withComparison } = await import("../../../pipeline/index.js");
  const { check, compareReportSchema, parseResult } = await import("../../../domain/schemas/index.js");
  const { json, place } = await readJson(input);
  const result = parseResult(json, place);
  const notes = createNotes(flags, environment.writeError);
  let [page, wasInterrupted] = [pageOfResult(result), false];
  if (flags.problem !== undefined) {
    const problem = await readProblemOf({ result, place }, flags.problem, whatIfOf(flags));
    const { askAll } = await import("../../../planner/index.js");
    const { timeLimitMs = TIME_LIMIT.timeLimitMs.default } = givenByFlags(TIME_LIMIT, flags);
    const { now, clock } = environment;
    const asked = await runAbortably(environment, notes, ANSWERS_CUT, (signal) =>
      askAll(problem, result, { now, clock, signal, fixedNow: false, timeLimitMs }),
    );
    page = withAnswers(page, { problem, answers: asked.answer });
    wasInterrupted = asked.wasInterrupted;
  }
  if (flags.comparison === undefined) return { page, wasInterrupted };
  const comparison = await readJson(flags.comparison);
  const given = check(compareReportSchema, comparison.json, comparison.place);
  const compared = withComparison(page, result, given, comparison.place);
  const said = new Set(given.words);
  const news = compared.answers?.comparison?.words.filter((sentence) => !said.has(sentence)) ?? [];
  for (const sentence of news) notes.warn(`--comparison: ${sentence}`);
  return { page: compared, wasInterrupted };
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new InputError(path, `cannot be read: ${describeReadError(error)}`, { cause: error });
  }
}
