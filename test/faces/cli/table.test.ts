import { expect, it } from "vitest";
import { renderTable } from "../../../src/faces/cli/table.js";
import { plainPaint } from "./stand-ins.js";

it("goes on below behind its first column where the paper is too narrow for all columns", () => {
  const columns = ["plan", "success", "makespan_ms", "cost"].map((title) => ({ title }));
  const rows = [
    ["mix", "2.9", "250", "0"],
    ["none", "–", "–", "–"],
  ];
  expect(renderTable(columns, rows, plainPaint(24))).toBe(
    [
      ...["plan  success", "mix   2.9", "none  –", ""],
      ...["plan  makespan_ms  cost", "mix   250          0", "none  –            –"],
    ].join("\n"),
  );
  for (const width of [8, 12, 17, 20, 30, 60]) {
    const lines = renderTable(columns, rows, plainPaint(width)).split("\n");
    // A column that nothing can narrow stands there all the same.
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(Math.max(width, "plan  makespan_ms".length));
  }
});
