import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formOf } from "../../models/goal.js";
import {
  DEFAULT_WEIGHTS,
  GOAL_KEYS,
  PLAIN_STRATEGIES,
  STRATEGIES,
  STRATEGY_MODELS,
  STRATEGY_OF_GOAL,
  wordsOf,
} from "../../models/strategies.js";
import { readFilesBelow, ROOT } from "../source-files.js";
import { goldenInstance } from "../support/small-instance.js";

const kebab = (name: string): string => name.replaceAll("_", "-");

describe("the table of strategies", () => {
  it("names every strategy and every weight once", () => {
    expect(new Set(STRATEGIES).size).toBe(PLAIN_STRATEGIES.length + 1);
    expect(new Set(GOAL_KEYS).size).toBe(GOAL_KEYS.length);
    expect(Object.keys(STRATEGY_OF_GOAL)).toEqual([...GOAL_KEYS]);
    expect(PLAIN_STRATEGIES.map((name) => STRATEGY_MODELS[name].name)).toEqual([...PLAIN_STRATEGIES]);
  });

  it("keeps the names and the default weights that users know", () => {
    expect(STRATEGIES).toEqual([
      "maximize_success",
      "maximize_throughput",
      "balance_load",
      "minimize_retries",
      "confidence_optimization",
      "minimize_cost",
      "mix",
    ]);
    expect(DEFAULT_WEIGHTS).toEqual({ success: 0.5, throughput: 0.3, retries: 0.1, confidence: 0.1 });
  });

  it("gives each baseline a name of its own", () => {
    const names = PLAIN_STRATEGIES.map((name) => STRATEGY_MODELS[name].baseline.name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("says of each strategy what reports, help and comparisons show", async () => {
    const lines = PLAIN_STRATEGIES.flatMap((name) => {
      const { before, first, second, words, measure, spreadsWork, baseline } = STRATEGY_MODELS[name];
      const goals = [...before, first, second].map((goal) => `${goal.sense} ${goal.name}`).join(", then ");
      const { title, unit, goal, adjective } = words;
      return [
        `${name}: ${goals}`,
        `  ${adjective}: ${goal}; ${title} in ${unit}`,
        `  played: ${measure}${spreadsWork ? ", spreads work" : ""}`,
        `  baseline ${baseline.name}: ${baseline.rule}; tasks ${baseline.tasks}, agents ${JSON.stringify(baseline.agents)}`,
      ];
    });
    const { adjective, goal, title, unit } = wordsOf("mix");
    lines.push(`mix:`, `  ${adjective}: ${goal}; ${title} in ${unit}`);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("golden/strategies.txt");
  });

  it.each(PLAIN_STRATEGIES)("%s: the source of its first goal is what its form is made of", (name) => {
    const instance = goldenInstance();
    const { first } = STRATEGY_MODELS[name];
    const { perPair, makespan, maxLoad, sense } = formOf(first.on(instance));
    expect(sense).toBe(first.sense);
    if (first.source.kind === "slots") {
      expect([makespan, maxLoad]).toEqual(first.source.startsAt === "available" ? [1, 0] : [0, 1]);
      return;
    }
    const { array, isWeighted, term } = first.source;
    const expected = Array.from(instance[array], (value, pair) => {
      const weight = isWeighted ? instance.weight[instance.pairTask[pair]!]! : 1;
      return weight * (term === null ? value : term(value));
    });
    expect(Array.from(perPair!)).toEqual(expected);
  });

  it.each(PLAIN_STRATEGIES)("%s: the header of its file keeps the order of all headers", (name) => {
    const text = readFileSync(`${ROOT}/models/${kebab(name)}.ts`, "utf8");
    const header = text.slice(0, text.indexOf("*/"));
    const labels = ["Sets ", "Parameters ", "Variables ", "First goal ", "Second goal ", "Rows "];
    expect(header.startsWith(`/**\n * ${name}: `)).toBe(true);
    const places = labels.map((label) => header.indexOf(`\n * ${label}`));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
  });
});

it("lists every strategy that is defined", () => {
  const defining = readFilesBelow("models", [".ts"]).filter(({ text }) => text.includes("= defineStrategy("));
  const listed = PLAIN_STRATEGIES.map((name) => `models/${kebab(name)}.ts`);
  expect(defining.map(({ path }) => path)).toEqual(listed.sort());
});

it("names a strategy in its own file and in the table, and nowhere else in the source", () => {
  const sources = [...readFilesBelow("models", [".ts"]), ...readFilesBelow("src", [".ts"])];
  const naming = sources.filter(({ text }) => /minimize_retries|minimizeRetries/.test(text)).map(({ path }) => path);
  expect(naming.sort()).toEqual(["models/minimize-retries.ts", "models/strategies.ts"]);
});

it("shows the table as it is in models/README.md", () => {
  const secondOf = (name: (typeof PLAIN_STRATEGIES)[number]): string => STRATEGY_MODELS[name].second.name;
  const rows = PLAIN_STRATEGIES.map((name) => {
    const { problemClass, mixKey } = STRATEGY_MODELS[name];
    const { goal, unit } = wordsOf(name);
    return [`\`${name}\``, goal, unit, `\`${secondOf(name)}\``, problemClass, `\`${mixKey}\``];
  });
  rows.push(["`mix`", wordsOf("mix").goal, wordsOf("mix").unit, "`success`", "weighted sum", ""]);
  const readme = readFileSync(`${ROOT}/models/README.md`, "utf8");
  const shown = readme
    .split("\n")
    .filter((line) => /^\| `\w+` +\|/.test(line))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(shown).toEqual(rows);
});
