import { compareValues, medianRun, relativeDistance } from "../../src/planner/bench/measured.js";
import type { PeerRecord } from "./record.js";

/** One runner on one instance: its only run, or of several seeds the one in the middle. */
export interface RunnerCell extends Pick<
  PeerRecord,
  "runner" | "outcome" | "value" | "bound" | "proven" | "wall_ms" | "peak_mb" | "fault"
> {
  /** Relative distance to the reference, a fraction; null without a value. */
  readonly gap: number | null;
  readonly num_seeds: number;
}

export interface InstanceSummary {
  readonly suite: PeerRecord["suite"];
  readonly instance: string;
  readonly sense: "min" | "max";
  readonly best_known: number | null;
  /** Best known value, or the best any runner has found where that is better or nothing is known. */
  readonly reference: number | null;
  readonly cells: readonly RunnerCell[];
  /** Peers with a better value than the median of ours. */
  readonly losses: readonly string[];
  /** Runners that call a value optimal that another one's is better than. */
  readonly false_proofs: readonly string[];
}

export const OURS = "ours";

/** One summary an instance, in the order of the records. */
export function summarizeRecords(records: readonly PeerRecord[]): InstanceSummary[] {
  const groups = new Map<string, PeerRecord[]>();
  for (const record of records) {
    const key = `${record.suite}/${record.instance}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return Array.from(groups.values(), summarizeInstance);
}

function summarizeInstance(records: readonly PeerRecord[]): InstanceSummary {
  const [{ suite, instance, sense, best_known }] = records as [PeerRecord];
  const found = [best_known, ...records.map(({ value }) => value)];
  const [reference = null] = found.sort((a, b) => compareValues(sense, a, b));
  const names = [...new Set(records.map(({ runner }) => runner))];
  const cells = names.map((runner) =>
    toCell(
      records.filter((record) => record.runner === runner),
      reference,
    ),
  );
  const ours = cells.find(({ runner }) => runner === OURS);
  const isBetter = (a: number | null, b: number | null): boolean => compareValues(sense, a, b) < 0;
  return {
    suite,
    instance,
    sense,
    best_known,
    reference,
    cells,
    losses:
      ours === undefined ? [] : cells.filter(({ value }) => isBetter(value, ours.value)).map(({ runner }) => runner),
    false_proofs: cells.filter(({ proven, value }) => proven && isBetter(reference, value)).map(({ runner }) => runner),
  };
}

function toCell(records: readonly PeerRecord[], reference: number | null): RunnerCell {
  const { sense } = records[0]!;
  const runs = records.map((record) => ({ ...record, isProven: record.proven, wallMs: record.wall_ms ?? Infinity }));
  const { runner, outcome, value, bound, proven, wallMs, peak_mb, fault } = medianRun(sense, runs)!;
  return {
    runner,
    outcome,
    value,
    bound,
    proven,
    wall_ms: wallMs === Infinity ? null : wallMs,
    peak_mb,
    fault,
    gap: relativeDistance(value, reference),
    num_seeds: records.length,
  };
}

/** A runner over a suite. Means are over instances with a value; null where there is none. */
export interface RunnerTotal {
  readonly suite: PeerRecord["suite"];
  readonly runner: string;
  readonly num_instances: number;
  readonly num_with_value: number;
  readonly num_proven: number;
  readonly num_at_reference: number;
  readonly num_killed: number;
  readonly num_rejected: number;
  readonly mean_gap: number | null;
  readonly worst_gap: number | null;
  /** Over all instances it began, milliseconds. */
  readonly median_wall_ms: number | null;
  /** Geometric mean of the times of what it proved, milliseconds. */
  readonly mean_proof_ms: number | null;
}

/** Totals of every runner in every suite, ours first. */
export function totalRunners(instances: readonly InstanceSummary[]): RunnerTotal[] {
  const suites = [...new Set(instances.map(({ suite }) => suite))];
  return suites.flatMap((suite) => {
    const own = instances.filter((instance) => instance.suite === suite).flatMap(({ cells }) => cells);
    const names = [...new Set(own.map(({ runner }) => runner))];
    return names.map((runner) =>
      totalOf(
        suite,
        runner,
        own.filter((cell) => cell.runner === runner),
      ),
    );
  });
}

function totalOf(suite: PeerRecord["suite"], runner: string, all: readonly RunnerCell[]): RunnerTotal {
  const cells = all.filter(({ outcome }) => outcome !== "unsupported");
  const gaps = cells.flatMap(({ gap }) => (gap === null ? [] : [gap]));
  const times = cells.flatMap(({ wall_ms }) => (wall_ms === null ? [] : [wall_ms])).sort((a, b) => a - b);
  const proofs = cells.filter(({ proven, wall_ms }) => proven && wall_ms !== null).map(({ wall_ms }) => wall_ms!);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    suite,
    runner,
    num_instances: cells.length,
    num_with_value: gaps.length,
    num_proven: cells.filter(({ proven }) => proven).length,
    num_at_reference: gaps.filter((gap) => gap <= 1e-9).length,
    num_killed: cells.filter(({ outcome }) => outcome === "killed").length,
    num_rejected: cells.filter(({ outcome }) => outcome === "rejected").length,
    mean_gap: gaps.length === 0 ? null : mean(gaps),
    worst_gap: gaps.length === 0 ? null : Math.max(...gaps),
    median_wall_ms: times[Math.floor(times.length / 2)] ?? null,
    mean_proof_ms: proofs.length === 0 ? null : Math.exp(mean(proofs.map((ms) => Math.log(Math.max(ms, 0.001))))),
  };
}
