import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderMetrics } from "../../../src/faces/web/metrics.js";
import { renderRun } from "../../../src/faces/cli/render-run.js";
import type { PageDocument, PageWave } from "../../../src/domain/schemas/page.js";
import type { Phase19Summary } from "../../../src/domain/schemas/phase19-summary.js";
import type { JournalRow } from "../../../src/domain/schemas/journal.js";
import type { WaveSummary } from "../../../src/domain/schemas/phase19-wave.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { escapeText } from "../../../src/pipeline/report/format.js";
import { JournalPage } from "../../../src/pipeline/report/page/journal-page.js";
import { runForPages } from "../../support/page-runs.js";
import { readJson, readLines } from "../../support/pipeline-runs.js";
import { plainPaint } from "../../faces/cli/stand-ins.js";

afterAll(closeSolvers);

/** Everything that tells one run says the same of it: page, report, terminal, files, the page of a run that goes on, metrics. */
describe("one run, told by all", () => {
  let outDir = "";
  let page: PageDocument;
  let markdown = "";
  beforeAll(async () => {
    ({ outDir, page } = await runForPages());
    markdown = readFileSync(join(outDir, "PHASE_19_AUTONOMOUS_OPTIMIZATION.md"), "utf8");
  });
  const summaryOf = (wave: PageWave): WaveSummary => readJson(outDir, `wave_${wave.wave}`, "wave_summary.json");
  const rowOf = (words: string): string =>
    markdown.split("\n").find((line) => line.startsWith("|") && line.includes(words)) ?? "";

  it("has one verdict, one list of advice and one list of what went wrong", () => {
    const report = readJson<{ optimizations: PageDocument["issues"]; what_to_do: string[] }>(
      outDir,
      "optimization_report.json",
    );
    expect(page.headline.length).toBeGreaterThan(3);
    for (const sentence of page.headline) expect(markdown).toContain(`\n- ${escapeText(sentence)}\n`);
    expect([page.issues, page.advice]).toEqual([report.optimizations, report.what_to_do]);
    const advice = page.advice.map((text, k) => `${k + 1}. ${escapeText(text)}`);
    expect(markdown).toContain(`## What to do\n\n${advice.join("\n")}\n\n`);
    for (const { issue, analysis } of [...page.issues, ...page.waves.flatMap(({ trouble }) => trouble)])
      expect(rowOf(escapeText(issue))).toContain(escapeText(analysis));
  });

  it("is told by the terminal in the same sentences and numbers", () => {
    const summary = readJson<Phase19Summary>(outDir, "phase19_summary.json");
    const waves = page.waves.map(summaryOf);
    const { headline } = page;
    const tell = (told: Phase19Summary): string =>
      renderRun(
        {
          runId: summary.run_id,
          summary: told,
          wasInterrupted: false,
          notGuessed: "",
          outDir,
          waves,
          report: markdown,
          headline,
          warnings: [],
        },
        plainPaint(200),
      );
    const told = tell(summary);
    expect(told.split("\n").slice(1, 1 + headline.length)).toEqual(headline);
    for (const { counts, actual } of page.waves)
      expect(told).toContain(` ${Math.round(actual.success_rate! * counts.assigned)} of ${counts.assigned} `);
    const { health_metrics: metrics } = summary;
    const health = { overall_health_score: null, health_status: "NOT_JUDGED" };
    expect(tell({ ...summary, health_metrics: { ...metrics, health } })).toContain("\nHealth not judged (");
  });

  it("names the tasks that its shares are of, and they are the same everywhere", () => {
    const [first, second] = page.waves.map((wave) => ({ wave, summary: summaryOf(wave) }));
    for (const { wave, summary } of [first!, second!]) {
      expect(wave.counts.assigned).toBe(summary.assigned_tasks);
      const done = Math.round(summary.actual_success_rate! * summary.assigned_tasks!);
      expect(markdown).toContain(`→ ${done} of ${wave.counts.assigned} (`);
    }
    const completed = page.waves.reduce((sum, { counts }) => sum + counts.completed, 0);
    const assigned = page.waves.reduce((sum, { counts }) => sum + counts.assigned, 0);
    expect(page.headline.join(" ")).toContain(
      `Of ${assigned} assigned tasks whose end is known, ${completed} succeeded`,
    );
  });

  it("counted the same while it went on, what the gate held back included", () => {
    const live = new JournalPage();
    for (const row of readLines<JournalRow>(outDir, "journal.jsonl")) live.add(row);
    const last = live.page(true);
    expect({ ...last.tasks, reassigned: page.tasks.reassigned }).toEqual(page.tasks);
    for (const [k, wave] of last.waves.entries()) {
      expect(wave.counts).toEqual(page.waves[k]!.counts);
      expect(wave.deferred.map(({ task_id, reason }) => [task_id, reason])).toEqual(
        page.waves[k]!.deferred.map(({ task_id, reason }) => [task_id, reason]),
      );
      expect([wave.planned, wave.planned_makespan_of]).toEqual([page.waves[k]!.planned, "forecast"]);
    }
    const counts = (one: PageDocument): string[] =>
      renderMetrics(one, 0).match(/^phase19_(?:tasks|retries|wave).*$/gm)!;
    expect(counts(last)).toEqual(counts(page));
  });
});
