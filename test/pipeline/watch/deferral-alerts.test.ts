import { expect, it } from "vitest";
import { measureWave } from "../../../src/pipeline/measure/measured-wave.js";
import { alertRows } from "../../../src/pipeline/watch/alerts.js";
import { fullWave } from "../measure/full-wave.js";
import { METRICS } from "../report/digests.js";

it("says of one task and of several what helps", () => {
  const { stats } = measureWave(fullWave());
  const [alert] = alertRows({
    ...{ waves: [stats], metrics: [], anomalies: [], money: { budget: null, spent: 0 }, timestamp: "now" },
    health: { overall_health_score: null } as Parameters<typeof alertRows>[0]["health"],
  }).filter(({ alert_id }) => alert_id.startsWith("AL_DEFERRED"));
  expect(alert!.action.split(". ").map((text) => text.split(":")[0])).toEqual([
    "Read the reasons in deferred_tasks.jsonl",
    "1 lacks only an explicit approval",
    "1 has too little confidence for its risk, which no approval makes up for",
    "2 wait for a task that was not done",
    "1 found no place in the plan",
    "1 waits for a task that failed",
    "1 was not started when its turn came",
    "1 cost more than was left of the budget",
  ]);
});

it("says a metric and its minimum in one unit, which is that of every other report", () => {
  const { stats } = measureWave(fullWave());
  const waves = Array.from({ length: 40 }, () => stats);
  const critical = METRICS.map((row) => ({ ...row, status: "critical" as const, value: 0.4951, threshold_min: 0.6 }));
  const alerts = alertRows({
    ...{ waves, metrics: critical, anomalies: [], money: { budget: null, spent: 0 }, timestamp: "now" },
    health: { overall_health_score: null } as Parameters<typeof alertRows>[0]["health"],
  }).filter(({ alert_id }) => alert_id === "AL_METRIC_AGENT_UTILIZATION");
  expect(alerts.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^Agent utilization is 49\.5 % over \d+ tasks, far below its minimum of 60\.0 %\.$/),
  ]);
});
