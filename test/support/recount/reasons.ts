import type { WaveRows } from "./rows.js";

type Compare = (place: string, told: unknown, counted: unknown) => void;

/** The gate's bounds by risk, as the file contract has them. */
const BOUNDS: Readonly<Record<string, number>> = { LOW: 0.5, MEDIUM: 0.75, HIGH: 0.9 };

/** Reasons of single tasks: what the gate says of risk, confidence and bound, and that each deferral has the gate's own words. */
export function checkReasons({ gate, deferred, wave }: WaveRows, compare: Compare): void {
  const place = `safety_gate_decisions.jsonl: wave ${wave}`;
  for (const { task_id, risk_level: risk, confidence, reason } of gate) {
    const needs =
      /(LOW|MEDIUM|HIGH) risk needs a confidence of at least ([\d.]+)( \(lowered by H16_004\))? and has ([\d.]*\d)\.$/.exec(
        reason,
      );
    const meets =
      /(LOW|MEDIUM|HIGH) risk at confidence ([\d.]+) meets the bound of ([\d.]*\d)( \(lowered by H16_004\))?/.exec(
        reason,
      );
    const [, named, bound, lowered, has] =
      needs ?? (meets === null ? [] : [meets[0], meets[1], meets[3], meets[4], meets[2]]);
    if (named === undefined) continue;
    compare(`${place}: risk of ${task_id}`, named, risk);
    compare(`${place}: confidence of ${task_id}`, Number(has), Number(confidence.toPrecision(6)));
    if (lowered === undefined) compare(`${place}: bound of ${task_id}`, Number(bound), BOUNDS[risk]);
    compare(`${place}: ${task_id} meets its bound`, meets !== null, confidence >= Number(bound));
  }
  const wordsOf = new Map(gate.map((row) => [row.task_id, row.reason]));
  for (const { task_id, stage, reason } of deferred)
    if (stage === "gate") compare(`deferred_tasks.jsonl: reason of ${task_id}`, reason, wordsOf.get(task_id));
}
