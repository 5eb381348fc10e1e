import { ABSENT, type Comparison, type Difference } from "./compare-values.js";

/** A longer text is cut in the middle of a line of output. */
const MAX_TEXT = 160;

/** Lines for people: every difference, how many each subject has, and what differs as it may. */
export function describeComparison(comparison: Comparison, { sentences }: { readonly sentences: boolean }): string[] {
  const { differences, numFiles, numValues, numSolverLogs, numWallTimes } = comparison;
  return [
    ...differences.map((difference) => `DIFFERS ${describe(difference)}`),
    ...(sentences ? comparison.sentences.map((difference) => `worded otherwise ${describe(difference)}`) : []),
    ...countBy(differences, subjectOf).map(([subject, count]) => `${subject}: ${count} differences`),
    ...countBy(comparison.sentences, sentenceKind).map(
      ([kind, count]) => `${count} sentences worded otherwise: ${kind}`,
    ),
    `${numSolverLogs} solver logs and ${numWallTimes} wall times differ, which they may`,
    `${numValues} values of ${numFiles} files compared: ${differences.length} differences`,
  ];
}

function describe({ file, path, a, b }: Difference): string {
  return `${file} ${path}: ${show(a)} → ${show(b)}`;
}

function show(value: unknown): string {
  if (value === ABSENT) return "absent";
  const text = JSON.stringify(value);
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}

/** The two folders a subject's files stand in. */
function subjectOf({ file }: Difference): string {
  return file.split("/").slice(0, 2).join("/");
}

/** File name and path without the numbers that tell rows and waves apart. */
function sentenceKind({ file, path }: Difference): string {
  const name = file.split("/").at(-1)!;
  return path === "$" ? name : `${name} ${path.replace(/\[\d+\]/g, "[]")}`;
}

function countBy(differences: readonly Difference[], keyOf: (one: Difference) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const one of differences) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1);
  return [...counts];
}
