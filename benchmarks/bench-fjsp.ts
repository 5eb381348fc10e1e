import { parseArgs } from "node:util";
import { certifiedBound } from "../src/engine/sequencing/check-bound-certificate.js";
import { checkSequencedPlan } from "../src/engine/sequencing/check-sequenced-plan.js";
import { Sequencer } from "../src/engine/sequencing/sequencer.js";
import { type FjspCase, generatedShops, publishedShops } from "./fjsp-instances.js";
import { markdownTable } from "./text-table.js";

/**
 * Flexible job shops: makespan, bound and proof per case, and per family the mean gap to the best known value (to the own bound where
 * there is none). Every schedule is checked independently; with --check every certificate too.
 *
 *   tsx benchmarks/bench-fjsp.ts [--instances DIR] [--only TEXT,TEXT] [--seconds 10 | --moves 1e8] [--seed 1] [--check]
 *
 * Without --instances the cases are generated. Seconds are CPU seconds of this process; moves are the same everywhere.
 */
const { values: options } = parseArgs({
  options: {
    instances: { type: "string" },
    only: { type: "string", default: "" },
    seconds: { type: "string", default: "10" },
    moves: { type: "string" },
    seed: { type: "string", default: "1" },
    check: { type: "boolean", default: false },
  },
});
const SLICE_MOVES = 100_000;

interface Row {
  readonly name: string;
  readonly family: string;
  readonly makespan: number;
  readonly bound: number;
  readonly boundBy: string;
  readonly bestKnown: number | null;
  readonly isProven: boolean;
  readonly seconds: number;
  readonly foundAt: number;
  readonly moves: number;
}

const names = options.only.split(",");
const cases = (options.instances === undefined ? generatedShops() : publishedShops(options.instances)).filter(
  ({ name }) => names.some((text) => name.includes(text)),
);
const rows: Row[] = [];
for (const one of cases) {
  const row = run(one);
  rows.push(row);
  process.stderr.write(`${describe(row).join("  ")}\n`);
}
const families = [...new Set(rows.map(({ family }) => family))];
process.stdout.write(
  `${markdownTable(
    ["family", "cases", "mean gap %", "worst %", "at best known", "proven", "bound below best %"],
    families.map((family) =>
      summarize(
        family,
        rows.filter((row) => row.family === family),
      ),
    ),
  )}\n`,
);

function run({ name, family, bestKnown, load }: FjspCase): Row {
  const problem = load();
  const start = process.cpuUsage().user;
  const seconds = (): number => (process.cpuUsage().user - start) / 1e6;
  let foundAt = 0;
  const listener = { onPlan: (): void => void (foundAt = seconds()) };
  const sequencer = new Sequencer(problem, { seed: Number(options.seed), listener });
  const isSpent = (): boolean =>
    options.moves === undefined ? seconds() >= Number(options.seconds) : sequencer.numMoves >= Number(options.moves);
  while (!sequencer.isOver && !isSpent()) sequencer.advance(SLICE_MOVES);
  const { plan, boundMs, certificate } = sequencer.record;
  if (plan === null) throw new Error(`${name}: no plan`);
  const violations = checkSequencedPlan(problem, plan);
  if (violations.length > 0) throw new Error(`${name}: ${violations[0]!.text}`);
  if (bestKnown !== null && boundMs > bestKnown) throw new Error(`${name}: bound ${boundMs} exceeds ${bestKnown}`);
  const spent = seconds();
  if (options.check && certificate.kind !== "search") {
    const certified = certifiedBound(problem, certificate);
    if (certified < boundMs * (1 - 1e-9))
      throw new Error(`${name}: the certificate proves ${certified}, not ${boundMs}`);
  }
  return {
    ...{ name, family, bestKnown, makespan: plan.makespanMs, bound: boundMs, boundBy: certificate.kind, foundAt },
    ...{ isProven: sequencer.isOver, seconds: spent, moves: sequencer.numMoves },
  };
}

function gapOf({ makespan, bestKnown, bound }: Row): number {
  const reference = bestKnown ?? bound;
  return makespan / reference - 1;
}

function describe(row: Row): string[] {
  const { name, makespan, bound, boundBy, bestKnown, isProven, seconds, foundAt, moves } = row;
  return [
    ...[
      name,
      String(makespan),
      String(bestKnown ?? "-"),
      `${percent(gapOf(row))} %`,
      `bound ${bound.toFixed(1)} (${boundBy})`,
    ],
    ...[
      isProven ? "proven" : "",
      `${seconds.toFixed(1)} s`,
      `found ${foundAt.toFixed(2)} s`,
      `${(moves / 1e6).toFixed(1)} M moves`,
    ],
  ];
}

function summarize(family: string, members: readonly Row[]): string[] {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const known = members.filter(({ bestKnown }) => bestKnown !== null);
  return [
    family,
    String(members.length),
    percent(mean(members.map(gapOf))),
    percent(Math.max(...members.map(gapOf))),
    known.length > 0 ? String(known.filter((row) => row.makespan <= row.bestKnown!).length) : "-",
    String(members.filter(({ isProven }) => isProven).length),
    known.length > 0 ? percent(mean(known.map((row) => 1 - row.bound / row.bestKnown!))) : "-",
  ];
}

function percent(fraction: number): string {
  return (100 * fraction).toFixed(2);
}
