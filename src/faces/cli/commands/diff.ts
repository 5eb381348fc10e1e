import { InputError } from "../../../domain/index.js";
import { defineCommand, OUTPUT_OPTIONS } from "../command.js";
import { EXIT } from "../environment.js";
import { presentDiff } from "../present.js";
import { readJson } from "../read-json.js";

/** `phase19 diff`: two results side by side. */
export const diff = defineCommand({
  name: "diff",
  summary: "Compare two results: what moved, what it costs and gains, and what both bounds prove.",
  argument: "a result of solve, or - for standard input",
  other: "the result to compare it with",
  options: OUTPUT_OPTIONS,
  help: `
Example:
  $ phase19 solve --strategy maximize_success --problem wave.json --out plan.json
  $ phase19 solve --strategy maximize_success --problem wave.json --without agent_1 | phase19 diff plan.json -`,
  run: async (flags, environment, resultFile, otherFile) => {
    if (resultFile === "-" && otherFile === "-") {
      throw new InputError("phase19 diff", "only one of the two results can be - (standard input)");
    }
    const { parseResult } = await import("../../../domain/schemas/index.js");
    const { diffResults } = await import("../../../planner/index.js");
    const [first, other] = [await readJson(resultFile), await readJson(otherFile)];
    const report = diffResults(parseResult(first.json, first.place), parseResult(other.json, other.place));
    return { stdout: await presentDiff(report, flags, environment), exitCode: EXIT.done };
  },
});
