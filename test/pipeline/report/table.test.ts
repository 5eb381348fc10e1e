import { expect, it } from "vitest";
import { markdownTable } from "../../../src/pipeline/report/table.js";

it("lines its columns up by the width that characters have, not by their number", () => {
  const columns = [
    { title: "task", cell: (row: readonly [string, number]) => row[0] },
    { title: "ms", align: "right", cell: (row: readonly [string, number]) => String(row[1]) },
  ] as const;
  expect(
    markdownTable(columns, [
      ["翻訳", 7],
      ["👩‍👧", 12],
      ["plain", 1234],
    ]),
  ).toBe("| task  |   ms |\n| ----- | ---: |\n| 翻訳  |    7 |\n| 👩‍👧    |   12 |\n| plain | 1234 |");
});
