import { compareValues } from "../../src/planner/bench/measured.js";
import type { InstanceSummary } from "./summary.js";
import { OURS } from "./summary.js";

/** Times below this are noise, and ratios of them say nothing. */
const MIN_COMPARED_MS = 50;
/** A time this many times as long is worth a line. */
const SLOWER_BY = 1.5;

export interface Comparison {
  /** One line each. */
  readonly worse: readonly string[];
  readonly better: readonly string[];
  readonly slower: readonly string[];
  readonly numCompared: number;
}

/** Ours now against ours in a stored summary, instance by instance: value, then proof, then time. */
export function compareSummaries(now: readonly InstanceSummary[], baseline: readonly InstanceSummary[]): Comparison {
  const [worse, better, slower]: string[][] = [[], [], []];
  let numCompared = 0;
  for (const instance of now) {
    const name = `${instance.suite}/${instance.instance}`;
    const before = oursOf(baseline.find((one) => `${one.suite}/${one.instance}` === name));
    const after = oursOf(instance);
    if (before === undefined || after === undefined) continue;
    numCompared += 1;
    const difference = compareValues(instance.sense, after.value, before.value);
    const line = `${name}: value ${before.value ?? "none"} → ${after.value ?? "none"}`;
    if (difference > 0) worse!.push(line);
    else if (difference < 0) better!.push(line);
    else if (before.proven && !after.proven) worse!.push(`${name}: no longer proven`);
    else if (!before.proven && after.proven) better!.push(`${name}: now proven`);
    const [beforeMs, afterMs] = [before.wall_ms ?? Infinity, after.wall_ms ?? Infinity];
    if (afterMs >= MIN_COMPARED_MS && afterMs > SLOWER_BY * beforeMs) {
      slower!.push(`${name}: ${Math.round(beforeMs)} → ${Math.round(afterMs)} ms`);
    }
  }
  return { worse: worse!, better: better!, slower: slower!, numCompared };
}

function oursOf(instance: InstanceSummary | undefined): InstanceSummary["cells"][number] | undefined {
  return instance?.cells.find(({ runner }) => runner === OURS);
}
