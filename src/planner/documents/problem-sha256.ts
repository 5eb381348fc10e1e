import { createHash } from "node:crypto";
import { compareIds, type FullProblem, type GivenEstimate } from "../../domain/index.js";
import type { ProblemDocument } from "../../domain/schemas/index.js";
import { EstimateWriter } from "./canonical-estimates.js";
import { canonicalJson } from "./canonical-json.js";
import { sortedEntries, taskFields } from "./problem-convert.js";
import { problemToDocument } from "./problem-document.js";

/** The full document without options as one text: keys sorted at every depth, no white space. */
export function canonicalText(problem: FullProblem): string {
  let text = "";
  for (const piece of writtenPieces(problem)) text += piece.toString();
  return text;
}

/** SHA-256 of `canonicalText` in hexadecimal, computed piece by piece so that the text need not fit into one string. */
export function problemSha256(problem: FullProblem): string {
  const hash = createHash("sha256");
  for (const piece of writtenPieces(problem)) hash.update(piece);
  return hash.digest("hex");
}

/** `problemSha256` in slices. */
export function* problemSha256Steps(problem: FullProblem): Generator<void, string> {
  const hash = createHash("sha256");
  for (const piece of writtenPieces(problem)) {
    hash.update(piece);
    yield;
  }
  return hash.digest("hex");
}

/** Texts and their bytes; bytes hold until the next piece. */
function* writtenPieces(problem: FullProblem): Generator<string | Buffer> {
  const writer = new EstimateWriter();
  for (const piece of canonicalPieces(problem)) yield typeof piece === "string" ? piece : writer.write(piece);
}

/** The pieces of `canonicalText`: texts, and the estimates of one task after another that stand between them. */
export function* canonicalPieces(problem: FullProblem): Generator<string | Readonly<Record<string, GivenEstimate>>> {
  const rest: Partial<ProblemDocument> = problemToDocument({ ...problem, tasks: [] }, {});
  delete rest.options;
  let text = "{";
  for (const [k, [key, value]] of sortedEntries<unknown>(rest).entries()) {
    text += `${k === 0 ? "" : ","}${JSON.stringify(key)}:`;
    if (key !== "tasks") text += canonicalJson(value);
    else {
      const sorted = [...problem.tasks].sort((a, b) => compareIds(a.taskId, b.taskId));
      const keys = sorted.slice(0, 1).flatMap((task) => Object.keys(taskFields(task)).sort(compareIds));
      text += "[";
      for (const [place, task] of sorted.entries()) {
        const [before, behind] = textsAround(task, keys);
        yield `${text}${place === 0 ? "" : ","}${before}`;
        yield task.estimates;
        text = behind;
      }
      text += "]";
    }
  }
  yield `${text}}`;
}

/** What stands before and behind the estimates of a task. @param keys of its document, ascending */
function textsAround(task: FullProblem["tasks"][number], keys: readonly string[]): readonly [string, string] {
  const fields: Readonly<Record<string, unknown>> = taskFields({ ...task, estimates: {} });
  let [before, text, separator] = ["", "{", ""];
  for (const key of keys) {
    const value = fields[key];
    if (value === null) continue;
    text += `${separator}${JSON.stringify(key)}:`;
    separator = ",";
    if (key !== "estimates") text += canonicalJson(value);
    else [before, text] = [text, ""];
  }
  return [before, `${text}}`];
}
