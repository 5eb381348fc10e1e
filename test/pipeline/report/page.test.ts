import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PageDocument, pageSchema, type PageTask } from "../../../src/domain/schemas/page.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { pageOfFolder } from "../../../src/pipeline/report/page/page-of-folder.js";
import { pageOfResult } from "../../../src/pipeline/report/page/page-of-result.js";
import { pageOfTree } from "../../../src/pipeline/report/page/page-of-tree.js";
import { describeRun } from "../../../src/pipeline/report/page/plain-words.js";
import { renderPage } from "../../../src/pipeline/report/page/render-page.js";
import { result } from "../../faces/cli/stand-ins.js";
import { HOSTILE, runForPages } from "../../support/page-runs.js";
import { readAgentRows, readJson, readLines, readTree, type Row } from "../../support/pipeline-runs.js";
import { messageOf, writeScratch } from "../files/scratch.js";

afterAll(closeSolvers);

let outDir = "";
let page: PageDocument;
beforeAll(async () => {
  ({ outDir, page } = await runForPages());
});

const taskOf = (id: string): PageTask =>
  page.waves.flatMap(({ tasks }) => tasks).find(({ task_id }) => task_id === id)!;

describe("the page of a run", () => {
  it("follows its schema", () => {
    expect(pageSchema.parse(page)).toEqual(page);
  });

  it("says what the files say", () => {
    expect(page.tasks).toEqual(readJson<Row>(outDir, "phase19_summary.json")["tasks"]);
    expect(page.waves.map(({ wave }) => wave)).toEqual([1, 2]);
    for (const wave of page.waves) {
      const summary = readJson<Row>(outDir, `wave_${wave.wave}`, "wave_summary.json");
      expect(wave.counts.completed).toBe(summary["completed_tasks"]);
      expect(wave.objective).toEqual(summary["objective"]);
      expect(wave.actual.success_rate).toBe(summary["actual_success_rate"]);
    }
    const rows = readAgentRows<Row>(outDir, "scheduled_tasks.jsonl");
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) {
      const task = taskOf(row["task_id"] as string);
      expect([task.state, task.end_ms, task.attempts.at(-1)?.end_ms, task.attempts.length - 1]).toEqual([
        ...[row["status"], row["scheduled_end_time"], row["actual_end_time"], row["retry_count"]],
      ]);
    }
    expect(page.audit).toHaveLength(readLines(outDir, "audit.jsonl").length);
  });

  it("tells what waits for what, what was deferred and why, and what it cost", () => {
    expect(taskOf("b").depends_on).toEqual(["a"]);
    expect(page.waves[0]!.deferred).toMatchObject([{ task_id: "unsure", stage: "gate", final: true }]);
    expect(page.waves[0]!.actual.cost).toBe(6);
    expect(page.waves[1]!.actual.cost).toBe(2 + 1.5 * taskOf("broken").attempts.length);
    const limits = readJson<{ load_limits_ms: Row }>(outDir, "wave_1", "wave_summary.json").load_limits_ms;
    expect(page.waves[0]!.agents.map(({ limit_ms }) => limit_ms)).toEqual(Object.values(limits));
  });

  it("begins with the whole in plain words", () => {
    expect(page.headline[0]).toBe("4 of 6 tasks were completed, 1 failed, 1 deferred; 2 retries.");
    expect(page.headline[1]).toBe("Each of the 2 plans is proven best for its goal: no other plan reaches more.");
    const proofOf = (...gaps: number[]): string =>
      describeRun({
        ...page,
        waves: page.waves.map((wave, k) => {
          const gap = gaps[k]!;
          return { ...wave, termination: gap === 0 ? "optimal" : "feasible", objective: { ...wave.objective, gap } };
        }),
      })[1]!;
    expect(proofOf(0.02, 0.01)).toBe("No plan is proven best; each is at most 2.00 % from the best possible.");
    expect(proofOf(0, 2e-5)).toBe("1 of 2 plans is proven best; the other is less than 0.01 % from the best possible.");
  });

  it("tells the distance of a mix as it is, and none where a bound says nothing", () => {
    const proofOf = (
      ...plans: readonly (readonly [strategy: "mix" | "balance_load", value: number, bound: number])[]
    ) =>
      describeRun({
        ...page,
        waves: plans.map(([strategy, value, bound]) => {
          const gap = Math.abs(value - bound) / Math.max(Math.abs(value), Math.abs(bound));
          const { objective, ...wave } = page.waves[0]!;
          return { ...wave, strategy, termination: "feasible", objective: { ...objective, value, bound, gap } };
        }),
      })[1];
    const mix = ["mix", 0.25, -2.25] as const;
    expect(proofOf(mix)).toBe("The plan is at most 2.5 from the best value of its mix; it is not proven best.");
    expect(proofOf(mix, ["balance_load", 100, 90])).toBe(
      "No plan is proven best; each is at most 10.00 % from the best possible, or 2.5 from the best value of a mix.",
    );
    expect(proofOf(["balance_load", 100, 0])).toBe("How far the plan is from the best possible is not known.");
  });

  it("is the page that the run wrote", () => {
    const written = readFileSync(join(outDir, "PHASE_19_AUTONOMOUS_OPTIMIZATION.html"), "utf8");
    expect(renderPage(page)).toBe(written);
  });

  it("lets no text of a task become HTML, and fetches nothing", () => {
    const html = renderPage(page);
    expect(html).not.toContain(HOSTILE);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(html).toContain("default-src 'none'; script-src 'sha256-");
    expect(html).not.toMatch(/(?:src|href)="?https?:/);
    const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)![1]!;
    expect(JSON.parse(data)).toEqual(page);
  });
});

describe("a tree that cannot be shown", () => {
  it("is refused by name", async () => {
    expect(await messageOf(() => pageOfFolder(writeScratch({})))).toContain("holds no phase19_summary.json");
  });

  it("names the damaged line", async () => {
    const files = Object.fromEntries(readTree(outDir));
    const damaged = writeScratch({ ...files, "audit.jsonl": '{"sequence": 1}\n' });
    expect(await messageOf(() => pageOfFolder(damaged))).toContain("audit.jsonl:1");
    const torn = writeScratch({ ...files, "alerts.json": "[" });
    expect(await messageOf(() => pageOfFolder(torn))).toMatch(/alerts\.json: is not JSON/);
  });

  it("is read again where another run took its place meanwhile, and never shown half", async () => {
    const files = readTree(outDir);
    const source = (swapsAt: readonly number[]) => {
      let numReads = 0;
      const mark = (): string => {
        numReads++;
        const text = files.get("phase19_summary.json")!;
        return swapsAt.includes(numReads) ? text.replace(/"seed": \d+/, `"seed": ${numReads + 100}`) : text;
      };
      return {
        placeOf: (path: string) => path,
        read: (path: string) => Promise.resolve(path === "phase19_summary.json" ? mark() : (files.get(path) ?? null)),
      };
    };
    expect((await pageOfTree(source([1, 2]))).seed).toBe(1);
    expect(await messageOf(() => pageOfTree(source([3, 6, 9])))).toContain("replaced again and again");
  });
});

describe("the page of a plan", () => {
  it("tells what is placed, when, and why the rest is not", () => {
    const plan = pageOfResult(result);
    expect(pageSchema.parse(plan)).toEqual(plan);
    expect(plan.headline).toEqual([
      "2 of 3 tasks have an agent; 1 is left out, with its reason below.",
      "The plan is proven best for its goal: no other plan reaches more.",
      "The plan expects 85.0 % of them to succeed; it ends at 80 ms.",
    ]);
    expect(plan.waves[0]).toMatchObject({ critical_tasks: ["t2", "t1"], deferred: [{ task_id: "t3" }] });
  });

  it("is of the wave that the result says", () => {
    expect(pageOfResult({ ...result, wave: 2 }).waves[0]).toMatchObject({ wave: 2, name: "wave 2" });
    expect(pageOfResult(result).waves[0]).toMatchObject({ name: "the wave" });
  });

  it("names no bottleneck where a task may wait for one that the result does not name", () => {
    expect(pageOfResult(result).waves[0]!.bottleneck).toMatch(/^t1 on agent_0 is planned to end last/);
    const schedule = result.schedule.map((entry) => ({ ...entry, slot: 0, start_ms: entry.start_ms + 5 }));
    const [wave] = pageOfResult({ ...result, schedule }).waves;
    expect(wave).toMatchObject({ critical_tasks: [], bottleneck: null });
  });
});
