import { describe, expect, it } from "vitest";
import { attributeOf, longOf, OPTION_GROUPS, RUN_OPTIONS, SOLVE_OPTIONS, snakeCase } from "../src/domain/index.js";
import { optionsSchema } from "../src/domain/schemas/index.js";
import { COMMANDS } from "../src/faces/cli/commands/index.js";
import { DEFAULT_OPTIONS } from "../src/planner/solve/options.js";
import { readFilesBelow } from "./source-files.js";

const sources = [...readFilesBelow("src", [".ts"]), ...readFilesBelow("scripts", [".ts"])];
const filesNaming = (pattern: RegExp): string[] =>
  sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

/** Written from the table by `npm run docs:reference`, and compared with it by a test. */
const GENERATED_TYPES = "src/domain/inputs.ts";

describe("an option stands once", () => {
  /**
   * What counts: every file below src and scripts that has one of the option's names (library, document, flag), comments
   * included. Consumers compute with its value. Whatever else names it declares or copies it, and that is the table alone.
   */
  it.each([
    {
      name: /riskAversion|risk_aversion|risk-aversion/,
      consumers: [
        "src/planner/instance/build-instance.ts",
        "src/planner/solve/explore.ts",
        "src/planner/solve/explored-instance.ts",
      ],
    },
    {
      name: /exploreHighRisk|explore_high_risk|explore-high-risk/,
      consumers: ["src/planner/solve/explore.ts", "src/planner/verify/check-exploration.ts"],
    },
  ])("$name", ({ name, consumers }) => {
    const declaring = filesNaming(name).filter((path) => !(consumers as readonly string[]).includes(path));
    expect(declaring).toEqual([GENERATED_TYPES, "src/domain/options/solve-options.ts"]);
    for (const path of consumers) expect(filesNaming(name)).toContain(path);
  });

  it("and so does an option of runs, besides where a run uses it", () => {
    const name = /allowThresholdRelaxation|allow_threshold_relaxation|allow-threshold-relaxation/;
    expect(filesNaming(name).filter((path) => !path.startsWith("src/pipeline/run/"))).toEqual([
      "src/domain/options/run-options.ts",
    ]);
  });
});

describe("a command stands once", () => {
  it.each(COMMANDS.map((command) => [command.name, command] as const))("%s has one file and one line", (name) => {
    const file = `src/faces/cli/commands/${name}.ts`;
    expect(filesNaming(new RegExp(`name: "${name}"`))).toEqual([file]);
    expect(
      filesNaming(new RegExp(`/${name}.js"`)).filter((path) => path.startsWith("src/faces/cli/commands/")),
    ).toEqual(["src/faces/cli/commands/index.ts"]);
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))("%s takes no flag twice", (_, { options }) => {
    const flags = options.map(({ flag }) => longOf(flag));
    expect(new Set(flags).size).toBe(flags.length);
  });
});

describe("the tables", () => {
  it("have defaults that a problem document may have too", () => {
    const { loadLimit, ...rest } = DEFAULT_OPTIONS;
    expect(loadLimit).toBeNull();
    const document = Object.fromEntries(Object.entries(rest).map(([name, value]) => [snakeCase(name), value]));
    expect(optionsSchema.parse({ ...document, load_limit: null })).toMatchObject({ risk_aversion: 0, threads: 1 });
  });

  it("name options in the words of each side", () => {
    expect(snakeCase("timeLimitMs")).toBe("time_limit_ms");
    expect([attributeOf("--time-limit <duration>"), attributeOf("--no-defer"), attributeOf("--phase16 <dir>")]).toEqual(
      ["timeLimit", "defer", "phase16"],
    );
  });

  it("begin every flag with two dashes and end no help with a full stop", () => {
    const options = COMMANDS.flatMap((command) => [...command.options]);
    for (const { flag, help, group } of options) {
      expect(flag).toMatch(/^--[a-z0-9-]+( <[a-z|.=]+>)?$/);
      expect(help).not.toMatch(/\.$/);
      expect(OPTION_GROUPS).toContain(group);
    }
    expect(Object.keys(RUN_OPTIONS).length + Object.keys(SOLVE_OPTIONS).length).toBeGreaterThan(30);
  });
});
