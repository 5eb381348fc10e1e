import { describe, expect, it } from "vitest";
import { runSummary } from "../../support/run-summary.js";
import { ANOMALY, AT, CALIBRATION, digest, METRICS, reportOf, waveSummary } from "./digests.js";

const baseline = (changes: object) => ({ ...waveSummary().baseline!, ...changes });
const lineWith = (text: string, words: string): string => text.split("\n").find((line) => line.includes(words)) ?? "";

describe("the report of a run", () => {
  it("begins with what came of it", () => {
    const text = reportOf(digest());
    expect(text.startsWith("# Phase 19: Autonomous Optimization\n\nRun `0123456789ab`")).toBe(true);
    expect(text).toContain("**Health:** 91.5 of 100, EXCELLENT (Phase 18 reported 88, +3.5).");
    expect(text).toContain("\n- The verdict.\n");
    expect(lineWith(text, "schedule accuracy")).toBe("| schedule accuracy     | 95.0 % | 90.0 % | 85.0 % | normal |");
    expect(text).toContain("## What to do\n\n1. Change nothing.");
    expect(lineWith(text, "Nothing is wrong")).toContain("2 of 2 tasks completed; no failure");
    expect(text).not.toMatch(/imulated|Partial|undefined|NaN|\[object/);
    expect(text.endsWith("\n") && !text.endsWith("\n\n")).toBe(true);
  });

  it("heads simulated figures so, and says what an interrupted run covers", () => {
    const summary = runSummary({ execution: "simulated", partial: true, waves_planned: 3 });
    const text = reportOf(digest({ summary }));
    expect(text.split("\n")[0]).toBe("# Phase 19: Autonomous Optimization — simulated");
    expect(text).toContain("> **Simulated.**");
    expect(text).toContain("> **Partial.** The run was interrupted after 1 of 3 waves");
    for (const title of ["Metrics", "Planned against actual", "What went wrong", "What was learned", "Agents"]) {
      expect(text).toContain(`## ${title} (simulated)\n`);
    }
  });

  it("compares with the best heuristic honestly", () => {
    const better = reportOf(digest());
    expect(lineWith(better, "greedy")).toContain("better by 9.37 %");
    const equal = reportOf(digest({ waves: [waveSummary({ baseline: baseline({ value: 1.75 }) })] }));
    expect(lineWith(equal, "greedy")).toMatch(/\| equal +\|$/);
    expect(equal).toContain("a heuristic found a plan just as good");
    const less = baseline({ value: 2, deferred_weight: 3 });
    const waves = [
      waveSummary({ baseline: less }),
      waveSummary({ wave: 2, baseline: baseline({ value: 1.8 }) }),
      waveSummary({ wave: 3, baseline: null }),
    ];
    const mixed = reportOf(digest({ waves }));
    expect(mixed).toContain("better (leaves less out)");
    expect(mixed).toContain("Better in 1, equal in 0, worse in 1 of 2 waves compared. A heuristic that beats the plan");
    expect(mixed).toContain("1 wave had nothing to compare with.");
    expect(lineWith(mixed, "| total")).toMatch(/success \(max\) +\| +3\.5 \| +3\.8 \|/);
    const min = baseline({ sense: "min", goal: "makespan", own_value: 90, value: 100 });
    expect(reportOf(digest({ waves: [waveSummary({ baseline: min })] }))).toContain("better by 10.00 %");
  });

  it("says how far plans are from proven", () => {
    const objective = { ...waveSummary().objective, bound: 1.8, gap: 0.00004 };
    const waves = [waveSummary({ termination: "feasible", objective }), waveSummary({ wave: 2 })];
    expect(lineWith(reportOf(digest({ waves })), "feasible")).toContain("< 0.01 %");
    const none = { ...objective, value: null, bound: null, gap: null };
    const empty = waveSummary({ completed_tasks: 0, objective: none, baseline: null, termination: "no_solution" });
    const nothing = reportOf(digest({ waves: [empty] }));
    expect(nothing).toContain("No task ran.");
    expect(nothing).toContain("No wave had a heuristic's plan");
    expect(reportOf(digest({ waves: [] }))).toContain("No wave was planned.");
  });

  it("shows reliability over the run, and says how little few tasks say", () => {
    const text = reportOf(digest({ calibration: [CALIBRATION, { ...CALIBRATION, wave: 2 }] }));
    expect(lineWith(text, " all |")).toMatch(
      /\| +all \| +4 \| +0\.1235 \|.*\| +2 of 4 \(50\.0 %\) \| 4 of 4 \(100\.0 %\)/,
    );
    expect(lineWith(text, "90 to 100 %")).toMatch(/\| +2 \| +95\.0 % \| +100\.0 % \| 34\.2 % to 100\.0 % \| yes/);
    expect(lineWith(text, "80 to 90 %")).toMatch(/\| +2 \| +85\.0 % \| +0\.0 % \| +0\.0 % to 65\.8 % \| no/);
    expect(text).toContain("1 of 2 mean predictions lies outside the interval of what was observed.");
    expect(text).toContain("4 tasks are few: this says little yet.");
    expect(reportOf(digest({ calibration: [] }))).not.toContain("trustworthy");
  });

  it("shows what went wrong, with evidence and cure, whatever ids look like", () => {
    const text = reportOf(
      digest({
        anomalies: [ANOMALY],
        alerts: [
          {
            alert_id: "1",
            severity: "critical",
            source: "health",
            message: "m",
            action: "do",
            waves: [],
            agents: [],
            timestamp: AT,
          },
        ],
        failures: [
          {
            wave: 1,
            agentId: "<b>x|y",
            cause: "timeout\nafter *3* s",
            count: 5,
            examples: ["`t1`", "_t2_", "t_3", "t4"],
          },
        ],
        deferrals: {
          total: 3,
          final: 1,
          topReasons: [
            { stage: "gate", kind: "confidence", reason: "HIGH needs # approval", count: 3, examples: ["t9"] },
          ],
        },
        adjustments: [{ issue: "i", analysis: "a", recommendation: "1. Mend <b>x|y first" }],
        gate: { approved: 2, deferred: 3, liveDeferred: 1, relaxedWaves: [2, 3] },
        summary: runSummary({ gate: "rehearse" }),
      }),
    );
    expect(text).toContain(
      "Evidence: exact binomial; effect 0.3, threshold 0.15, p = 0.0004 against 0.01, 40 observations.",
    );
    expect(text).toContain("waves 1 and 2, agents a\\|b)");
    expect(text).toContain("| timeout after \\*3\\* s (such as");
    expect(text).toContain("&lt;b&gt;x\\|y");
    expect(text).toContain("(such as \\`t1\\`, \\_t2\\_, t_3, t4)");
    expect(text).toContain("No live gate had cleared the 2 tasks of the plan: it would have held back 1 of them");
    expect(text).toContain("In waves 2 and 3 the threshold for HIGH was lowered");
    expect(text).toContain("Tasks were put off 3 times; 1 task never ran.");
    expect(text).toContain(
      "1. distrust a\n2. m do\n3. 1\\. Mend &lt;b&gt;x\\|y first\n4. 5 tasks failed for good. Look into",
    );
    expect(text).toContain("5. Tasks put off 3 times by the gate, such as t9. Raise the confidence");
    expect(lineWith(text, "| Critical alert from health")).toMatch(/\| m +\| do +\|$/);
  });

  it("keeps every table in shape", () => {
    const text = reportOf(
      digest({ anomalies: [ANOMALY], failures: [{ wave: 1, agentId: "a|b", cause: "|", count: 1, examples: ["é|"] }] }),
    );
    const tables = text.split("\n\n").filter((block) => block.startsWith("|"));
    expect(tables.length).toBeGreaterThan(6);
    for (const table of tables) {
      const lines = table.split("\n");
      const columns = lines.map((line) => line.replaceAll("\\|", "").split("|").length);
      expect(new Set(columns).size).toBe(1);
      expect(new Set(lines.map((line) => [...line].length)).size).toBe(1);
    }
  });

  it("tells what was learned and what was read", () => {
    const inputs = {
      files: [
        { file: "phase18/multi_agent_summary.json", rows: 1, skipped: 0, sha256: "abcdef0123456789", known_rows: 0 },
      ],
      absent: ["phase17/execution_outcomes.jsonl"],
      skipped: Array.from({ length: 12 }, (_, k) => ({ place: `h.jsonl:${k}`, reason: "is not JSON" })),
      unknown_fields: { "planned_tasks.jsonl": { mood: 2 } },
      notes: ["H16_009 is not known"],
    };
    const text = reportOf(
      digest({ summary: runSummary({ inputs }), metrics: METRICS.map((m) => ({ ...m, waves: 0 })) }),
    );
    expect(lineWith(text, "H16_001")).toMatch(/H16_001 +\| +1 \| +1\.05 \| +\+0\.05 \|/);
    expect(lineWith(text, "phase18/multi")).toContain("`abcdef012345`");
    expect(text).toContain("Absent: phase17/execution_outcomes.jsonl.");
    expect(text).toContain("- and 2 more in phase19_summary.json");
    expect(text).toContain("mood (2 times)");
    expect(text).toContain("- H16_009 is not known");
    expect(lineWith(text, "schedule accuracy")).toContain("not measured");
    expect(lineWith(text, "87.5 % → 100.0 %")).toContain("95 ms → 1 min 1 s");
    expect(lineWith(text, "0.1235")).toContain("1 of 2 (50.0 %)");
    const still = reportOf(digest({ weights: { before: { H: 1 }, after: { H: 1 } } }));
    expect(still).toContain("No heuristic weight moved: H 1.");
    expect(reportOf(digest({ weights: { before: {}, after: {} } }))).toContain("No heuristic was read");
  });
});
