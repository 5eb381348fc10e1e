import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/faces/cli/commands/index.js";
import { parseCommandLine } from "../../../src/faces/cli/parse.js";
import { InputError } from "../../../src/domain/errors.js";
import { runRecorded } from "./recorded-environment.js";

const parse = (...words: string[]) => parseCommandLine(words, "1.2.3", 100);

/** The commands in the order of help. */
const LISTED =
  "solve, run, evaluate, verify, replan, explain, compare, report, serve, diff, show-model, learn, calibrate, worker, mcp, init, schema, completion, bench";

describe("what is understood", () => {
  it("reads every option of solve", () => {
    const words = `solve --strategy mix --phase18 a --tasks b --phase16 c --phase17 d --wave 2 --agents x,y
      --agents-file e --priority-order descending --solver glpk --time-limit 5s --work-limit 9 --threads 3 --gap 1e-3 --seed 4
      --now 2026-01-31T09:30:00Z --load-limit 1.25 --max-retries 0 --weights success=1 --risk-aversion .5 --no-defer
      --exploration 0.01 --explore-high-risk --state h --out f --save-problem g --format table --verbose --no-color`;
    expect(parse(...words.split(/\s+/))).toEqual({
      command: "solve",
      flags: {
        strategy: "mix",
        phase18: "a",
        tasks: "b",
        phase16: "c",
        phase17: "d",
        wave: 2,
        agents: ["x", "y"],
        agentsFile: "e",
        priorityOrder: "descending",
        solver: "glpk",
        timeLimit: "5s",
        workLimit: 9,
        threads: 3,
        gap: 0.001,
        seed: 4,
        now: Date.UTC(2026, 0, 31, 9, 30),
        loadLimit: "1.25",
        maxRetries: 0,
        weights: "success=1",
        riskAversion: 0.5,
        exploration: 0.01,
        exploreHighRisk: true,
        state: "h",
        defer: false,
        out: "f",
        saveProblem: "g",
        format: "table",
        verbose: true,
        color: false,
      },
    });
  });

  it("reads verify and show-model", () => {
    expect(parse("verify", "-", "--problem", "p.json", "--quiet")).toEqual({
      command: "verify",
      resultFile: "-",
      flags: { problem: "p.json", quiet: true, defer: true, color: true },
    });
    expect(parse("show-model", "--problem=-", "--strategy=mix")).toEqual({
      command: "show-model",
      flags: { problem: "-", strategy: "mix", color: true },
    });
  });

  it.each([
    ["--help"],
    ["help"],
    ["solve", "--help"],
    ["verify", "-h"],
    ["show-model", "--help"],
    ["help", "solve"],
    ["learn", "--help"],
    ["calibrate", "--help"],
    ["help", "learn"],
  ])("prints help with an example for %s %s", (...words) => {
    const invocation = parse(...words.filter((word) => word !== undefined));
    expect(invocation).toMatchObject({
      command: "print",
      text: expect.stringMatching(/Examples?:\n {2}\$ phase19 /),
    });
  });

  it("lists the commands that others call by name", () => {
    const help = parse("--help");
    const text = help.command === "print" ? help.text : "";
    const lists = text.slice(text.indexOf("Plan and run:"));
    const listed = [...lists.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name!);
    const fixed = LISTED.split(", ");
    expect(listed.filter((name) => name !== "help").sort()).toEqual(fixed.sort());
  });

  it("prints the version", () => {
    expect(parse("--version")).toEqual({ command: "print", text: "1.2.3\n" });
  });
});

const WRONG: readonly (readonly [string, string])[] = [
  ["", `phase19: needs a command, one of ${LISTED}, help (see phase19 --help)`],
  ["solv", `phase19: unknown command "solv", not one of ${LISTED}, help; did you mean "solve"?`],
  ["help solv", `phase19: unknown command "solv", not one of ${LISTED}, help; did you mean "solve"?`],
  ["--bogus", 'phase19: unknown option "--bogus"; the nearest valid one is "--help"'],
  ["--quiet solve", 'phase19: option "--quiet" comes after the command, as in phase19 solve --quiet'],
  ["solve --stratgy x", 'phase19 solve: unknown option "--stratgy"; did you mean "--strategy"?'],
  [
    "verify a --problem b --time-limit 2s",
    'phase19 verify: unknown option "--time-limit"; solve takes it, verify does not (see phase19 verify --help)',
  ],
  ["solve --FORMAT=x", 'phase19 solve: unknown option "--FORMAT"; did you mean "--format"?'],
  ["solve --explore 0", 'phase19 solve: unknown option "--explore"; the nearest valid one is "--explore-high-risk"'],
  ["solve --exploration 1.5", 'phase19: --exploration: "1.5" is not a number from 0 to 1'],
  ["run --exploration 2%", 'phase19: --exploration: "2%" is not a number from 0 to 1'],
  ["solve --state", "phase19: --state: needs a value"],
  [
    "solve --strategy mix --problem a --strategy balance_load",
    'phase19: --strategy: is given twice, the second time with "balance_load"; give it once',
  ],
  [
    "compare --problem a --strategies mix --strategies balance_load",
    'phase19: --strategies: is given twice, the second time with "balance_load"; give one list, with commas between',
  ],
  ["solve --thread 2", 'phase19 solve: unknown option "--thread"; did you mean "--threads"?'],
  [
    "solve --solver highz",
    'phase19: --solver: "highz" is not one of auto, glpk, highs, lp-solver, greedy; did you mean "highs"?',
  ],
  ["solve --format Json", 'phase19: --format: "Json" is not one of json, table; did you mean "json"?'],
  ["solve --strategy", "phase19: --strategy: needs a value"],
  ["solve --strategy --problem x", 'phase19: --strategy: needs a value before "--problem"'],
  ["solve wave.json", 'phase19 solve: unexpected argument "wave.json" (did you mean --problem wave.json?)'],
  ["solve extra --problem x", 'phase19 solve: unexpected argument "extra" (see phase19 solve --help)'],
  ["solve --quiet --verbose", "phase19 solve: takes --quiet or --verbose, not both"],
  ["solve", "phase19 solve: needs an input: --problem FILE, or --phase18 DIR with --tasks FILE"],
  ["solve --problem a --phase18 b", "phase19 solve: takes --problem or --phase18, not both"],
  [
    "solve --problem a --tasks b",
    "phase19: --tasks: goes with --phase18 only; a problem document holds its own tasks and agents",
  ],
  [
    "solve --problem a --agents-file b",
    "phase19: --agents-file: goes with --phase18 only; a problem document holds its own tasks and agents",
  ],
  ["verify", "phase19 verify: needs the argument <result> (see phase19 verify --help)"],
  ["verify a", "phase19 verify: needs --problem FILE"],
  ["verify - --problem -", "phase19: --problem: only one of the two inputs can be - (standard input)"],
  ["show-model", "phase19 show-model: needs --problem FILE"],
];

it("wraps the words of options on a narrow terminal", () => {
  const help = parseCommandLine(["solve", "--help"], "1.0.0", 60);
  const options = help.command === "print" ? /^Input:[^]+?^Examples:/m.exec(help.text)![0] : "";
  expect(options.split("\n").filter((line) => line.length > 60 && line.trim().includes(" "))).toEqual([]);
});

describe("examples and remarks of help", () => {
  const helpOf = (name: string, columns: number): string => {
    const help = parseCommandLine(name === "" ? ["--help"] : [name, "--help"], "1.0.0", columns);
    return help.command === "print" ? help.text : "";
  };
  const names = ["", ...COMMANDS.map(({ name }) => name)];

  it.each([60, 80, 100])("are no wider than a terminal of %i columns", (columns) => {
    for (const name of names) {
      const [, remarks = ""] = helpOf(name, columns).split(/^(?=Examples?:)/m);
      expect([name, remarks.split("\n").filter((line) => line.length > columns)]).toEqual([name, []]);
    }
  });

  it("are the same words on every terminal, and a command that is broken is one for a shell", () => {
    for (const name of names) {
      const [, wide = ""] = helpOf(name, 100).split(/^(?=Examples?:)/m);
      const [, narrow = ""] = helpOf(name, 60).split(/^(?=Examples?:)/m);
      const words = (text: string): string => text.replaceAll(" \\\n", " ").replaceAll(/\s+/g, " ");
      expect(words(narrow)).toBe(words(wide));
    }
    expect(helpOf("replan", 60)).toContain(
      "  $ phase19 replan result.json --problem wave.json \\\n      --events events.jsonl",
    );
  });
});

describe("what is not understood", () => {
  it.each(WRONG)("answers `phase19 %s` in one line, exit code 2", async (line, message) => {
    const words = line.split(" ").filter((word) => word !== "");
    expect(await runRecorded(words)).toEqual({ stdout: "", stderr: [message], exitCode: 2 });
  });

  it("never acts on a misspelt option", () => {
    const names = ["--strategy", "--problem", "--time-limit", "--gap", "--no-defer", "--out", "--verbose"];
    const spoil = fc.tuple(fc.constantFrom(...names), fc.nat(), fc.constantFrom(..."abcxyz-"));
    fc.assert(
      fc.property(spoil, ([name, position, letter]) => {
        const k = 2 + (position % (name.length - 2));
        const misspelt = `${name.slice(0, k)}${letter}${name.slice(k)}`;
        expect(() => parse("solve", misspelt)).toThrow(InputError);
        expect(() => parse("solve", misspelt)).toThrow(/^[^\n]*unknown option "[^\n]*"; [^\n]*"--[a-z0-9-]+"[^\n]*$/);
      }),
    );
  });

  it("keeps what it quotes on one line", async () => {
    const { stderr } = await runRecorded(["so\u001b[31m\nlve"]);
    expect(stderr[0]).toContain('unknown command "so\\u001b[31m\\nlve"');
  });
});
