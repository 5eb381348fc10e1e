import { expect, it } from "vitest";
import { buildOptimizationReport } from "../../../src/pipeline/report/optimization-report.js";
import { describeMiss } from "../../../src/pipeline/watch/alerts.js";
import { digest, METRICS, waveSummary } from "../report/digests.js";

it("says that a fleet was faster than forecast only where it was so in every wave that is known", () => {
  expect(describeMiss("throughput_efficiency", [{ planned: 10, actual: 13 }])).toMatch(/faster than forecast/);
  const pace = [
    { planned: 10, actual: 13 },
    { planned: null, actual: 9 },
  ];
  expect(describeMiss("throughput_efficiency", pace)).toMatch(/faster than forecast/);
  expect(describeMiss("throughput_efficiency", [...pace, { planned: 10, actual: 10 }])).toBe("");
  expect(describeMiss("throughput_efficiency", [{ planned: null, actual: null }])).toBe("");
});

it.each([
  [20, true],
  [9, false],
])(
  "a report of the throughput efficiency says which way it missed: actual %s for 18",
  (actual_throughput, isFaster) => {
    const metrics = METRICS.map((metric) => ({ ...metric, status: "critical" as const }));
    const report = buildOptimizationReport(digest({ metrics, waves: [waveSummary({ actual_throughput })] }), []);
    const of = (name: string): string[] =>
      report.optimizations.flatMap(({ issue, analysis }) => (issue.startsWith(name) ? [analysis] : []));
    expect(of("Throughput efficiency")).toEqual([
      isFaster ? expect.stringMatching(/faster than forecast/) : expect.not.stringMatching(/faster/),
    ]);
    expect(of("Schedule accuracy").join()).not.toMatch(/faster/);
  },
);
