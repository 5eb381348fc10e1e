import { stat } from "node:fs/promises";
import { COMMAND_OPTIONS, describeSystemError, InputError } from "../../../domain/index.js";
import type { PageDocument } from "../../../domain/schemas/index.js";
import { defineCommand, OUTPUT_OPTIONS } from "../command.js";
import { EXIT } from "../environment.js";
import { checkOutputFiles, writeOutputFile } from "../output-files.js";
import { presentPage } from "../present.js";
import { readJson } from "../read-json.js";

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
    ...OUTPUT_OPTIONS,
  ],
  help: `
Examples:
  $ phase19 report outputs/phase19
  $ phase19 report result.json --out plan.html

The page needs no network: mail it, or open it from disk. phase19 run and phase19 evaluate write one beside their Markdown.`,
  check: ({ out }, input) => {
    if (input === "-" && out === undefined) throw new InputError("--out", "is needed with standard input");
  },
  run: async (flags, environment, input) => {
    const isFolder = input !== "-" && (await isDirectory(input));
    const path = flags.out ?? `${input.replace(isFolder ? /\/+$/ : /\.json$/, "")}.html`;
    const file = { option: "--out", path };
    await checkOutputFiles([file], isFolder ? [] : [input]);
    const { renderPage } = await import("../../../pipeline/index.js");
    const page = await readPage(input, isFolder);
    const html = renderPage(page);
    await writeOutputFile(file, html);
    return { stdout: await presentPage({ path, page }, flags, environment), exitCode: EXIT.done };
  },
});

async function readPage(input: string, isFolder: boolean): Promise<PageDocument> {
  const { pageOfFolder, pageOfResult } = await import("../../../pipeline/index.js");
  if (isFolder) return pageOfFolder(input);
  const { parseResult } = await import("../../../domain/schemas/index.js");
  const { json, place } = await readJson(input);
  return pageOfResult(parseResult(json, place));
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new InputError(path, `cannot be read: ${describeSystemError(error)}`, { cause: error });
  }
}
