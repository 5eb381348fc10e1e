import { join } from "node:path";
import { sum } from "./figures.js";
import { readRows, type WaveRows } from "./rows.js";

type Compare = (place: string, told: unknown, counted: unknown) => void;
interface Uplift {
  readonly heuristic_id: string;
  readonly attempts: number;
  readonly note: string;
}
interface Feedback {
  readonly wave?: number;
  readonly heuristic_uplift: readonly Uplift[];
}

/**
 * What Phase 16 is told of the rule of order, wave by wave: tasks by bucket, and those that ended within their predicted 95 %. Which bucket a
 * task fits is no matter here: the buckets together hold every task that ended, once.
 */
export function checkOrderNotes(root: string, waves: readonly WaveRows[], compare: Compare): void {
  for (const { wave, heuristic_uplift: uplifts } of readRows<Feedback>(join(root, "phase16/phase19_feedback.jsonl"))) {
    const rows = waves.find((one) => one.wave === wave);
    const order = uplifts.find(({ heuristic_id: id }) => id === "H16_001");
    if (rows === undefined || order === undefined) continue;
    const shares = [...order.note.matchAll(/(?:bucket \d+|without a bucket) (\d+) of (\d+)/g)];
    const latestOf = new Map(rows.planned.map((plan) => [plan.task_id, plan.end_interval_ms[1]]));
    const inTime = rows.scheduled.filter((row) => row.actual_end_time <= latestOf.get(row.task_id)!);
    const place = `phase19_feedback.jsonl: the order of wave ${wave}`;
    compare(`${place}, tasks`, order.attempts, rows.scheduled.length);
    compare(`${place}, tasks of its buckets`, sum(shares.map(([, , tasks]) => Number(tasks))), rows.scheduled.length);
    compare(`${place}, in time`, sum(shares.map(([, good]) => Number(good))), inTime.length);
  }
}
