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

/** What Phase 16 is told, wave by wave, of the rules that are in no prediction. */
export function checkRuleNotes(root: string, waves: readonly WaveRows[], compare: Compare): void {
  for (const { wave, heuristic_uplift: uplifts } of readRows<Feedback>(join(root, "phase16/phase19_feedback.jsonl"))) {
    const rows = waves.find((one) => one.wave === wave);
    if (rows === undefined) continue;
    for (const uplift of uplifts) {
      if (uplift.heuristic_id === "H16_001") checkOrderNote(uplift, rows, compare);
      if (uplift.heuristic_id === "H16_004") checkRelaxationNote(uplift, rows, compare);
    }
  }
}

/** Tasks that ran only because the gate's bound was lowered: those between it and the bound of the file contract. */
function checkRelaxationNote(
  { attempts, note }: Uplift,
  { gate, planned, scheduled, wave }: WaveRows,
  compare: Compare,
): void {
  const letThrough = gate.filter(({ approval, confidence, reason }) => {
    return approval === "approved" && reason.includes("(lowered by H16_004)") && confidence < 0.9;
  });
  const ran = scheduled.filter(({ task_id }) => letThrough.some((one) => one.task_id === task_id));
  const chances = planned.flatMap((plan) =>
    ran.some(({ task_id }) => task_id === plan.task_id) ? [plan.predicted_success_probability] : [],
  );
  const done = ran.filter(({ status }) => status === "completed").length;
  const words =
    ran.length === 0
      ? "no task ran because of it"
      : `the tasks it let through would not have run without it; of ${ran.length}, ${done} succeeded and ${sum(chances).toFixed(2)} were predicted to`;
  compare(`phase19_feedback.jsonl: the lowered bound of wave ${wave}, tasks`, attempts, ran.length);
  compare(`phase19_feedback.jsonl: the lowered bound of wave ${wave}`, note, words);
}

/**
 * The rule of order: tasks by bucket, and those that ended within their predicted 95 %. Which bucket a
 * task fits is no matter here: the buckets together hold every task that ended, once.
 */
function checkOrderNote({ attempts, note }: Uplift, { wave, planned, scheduled }: WaveRows, compare: Compare): void {
  const shares = [...note.matchAll(/(?:bucket \d+|without a bucket) (\d+) of (\d+)/g)];
  const latestOf = new Map(planned.map((plan) => [plan.task_id, plan.end_interval_ms[1]]));
  const inTime = scheduled.filter((row) => row.actual_end_time <= latestOf.get(row.task_id)!);
  const place = `phase19_feedback.jsonl: the order of wave ${wave}`;
  compare(`${place}, tasks`, attempts, scheduled.length);
  compare(`${place}, tasks of its buckets`, sum(shares.map(([, , tasks]) => Number(tasks))), scheduled.length);
  compare(`${place}, in time`, sum(shares.map(([, good]) => Number(good))), inTime.length);
}
