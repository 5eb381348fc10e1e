import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SolverLog } from "../../../src/faces/cli/solver-log.js";
import type { ProgressEvent } from "../../../src/engine/goals/solve-progress.js";
import { DEFAULT_OPTIONS } from "../../../src/planner/solve/options.js";
import { result } from "./stand-ins.js";

let lines: string[] = [];
let log = new SolverLog(DEFAULT_OPTIONS, (line) => lines.push(line));

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  log = new SolverLog(DEFAULT_OPTIONS, (line) => lines.push(line));
});
afterEach(() => void vi.useRealTimers());

function hear(kind: ProgressEvent["kind"], elapsed_ms: number, value: number | null, stage = "dives"): void {
  log.hear({ kind, stage, value, bound: 12, gap: value === null ? null : 0.01, elapsed_ms, work: 7 });
}

describe("SolverLog", () => {
  it("sets every number under its title", () => {
    log.begin({ numTasks: 60, numAgents: 8, numPairs: 480 });
    hear("stage", 1234, null);
    hear("incumbent", 1400, 11.5);
    expect(lines).toEqual([
      "maximize_success: 60 tasks, 8 agents, 480 eligible pairs",
      "solver auto, 1 thread, seed 1, at most 10 s",
      "   seconds  stage                             value        bound      gap",
      "     1.234  dives                                 –           12        –",
      "*    1.400  dives                              11.5           12      1 %",
    ]);
  });

  it("makes a burst of plans one line, and always shows the last", () => {
    hear("stage", 100, null);
    for (const [at, value] of [
      [110, 3],
      [120, 4],
      [149, 5],
    ] as const)
      hear("incumbent", at, value);
    expect(lines).toHaveLength(1);
    hear("incumbent", 151, 6);
    expect(lines.map((line) => line.trim().split(/ +/).slice(0, 4).join(" "))).toEqual([
      "0.100 dives – 12",
      "* 0.149 dives 5",
      "* 0.151 dives 6",
    ]);
    hear("incumbent", 160, 7);
    vi.advanceTimersByTime(60);
    expect(lines.at(-1)).toContain("7 ");
    hear("incumbent", 161, 8);
    log.end(result, 1234.4, 3000);
    expect(lines.at(-4)).toContain("8 ");
    expect(lines.at(-1)).toBe("3.000 s, 1234 units of work, 1 thread, reproducible");
  });

  it("keeps the mark of a plan that a bound follows", () => {
    hear("stage", 0, null);
    hear("incumbent", 1, 3);
    hear("bound", 2, 3);
    log.flush();
    expect(lines.at(-1)).toMatch(/^\*/);
  });

  it("does not hold back what belongs to another stage", () => {
    hear("stage", 0, null);
    hear("incumbent", 1, 3, "levels");
    expect(lines).toHaveLength(2);
  });
});
