import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { COMMANDS, groupOf } from "../../../src/faces/cli/commands/index.js";
import { runRecorded } from "./recorded-environment.js";

const script = async (shell: string): Promise<string> => (await runRecorded(["completion", shell])).stdout;

/** What bash offers after these words; the last one is being written. */
function offered(bash: string, words: readonly string[]): string[] {
  const array = words.map((word) => `"${word}"`).join(" ");
  const run = `${bash}\nCOMP_WORDS=(${array}); COMP_CWORD=${words.length - 1}; _phase19; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", run], { encoding: "utf8" }).split("\n").filter(Boolean);
}

describe("completion", () => {
  it("completes commands, options and choices in bash", async () => {
    const bash = await script("bash");
    expect(offered(bash, ["phase19", "so"])).toEqual(["solve"]);
    expect(offered(bash, ["phase19", "solve", "--time"])).toEqual(["--time-limit"]);
    expect(offered(bash, ["phase19", "diff", "--time"])).toEqual([]);
    expect(offered(bash, ["phase19", "solve", "--strategy", "maximize_t"])).toEqual(["maximize_throughput"]);
    expect(offered(bash, ["phase19", "compare", "--format", "ht"])).toEqual(["html"]);
  });

  it.each(["zsh", "fish"])("names every command and option for %s", async (shell) => {
    const text = await script(shell);
    for (const { name, options } of COMMANDS) {
      expect(text).toContain(name);
      for (const { flag } of options) expect(text).toContain(flag.split(" ")[0]!.slice(2));
    }
  });

  it("refuses a shell it does not know", async () => {
    const { exitCode, stderr } = await runRecorded(["completion", "bsh"]);
    expect([exitCode, stderr[0]]).toEqual([
      2,
      'phase19 completion: "bsh" is not one of bash, zsh, fish; did you mean "bash"?',
    ]);
  });
});

it("the list of commands has headings", async () => {
  const { stdout } = await runRecorded(["--help"]);
  for (const heading of new Set(COMMANDS.map(({ name }) => groupOf(name)))) expect(stdout).toContain(heading);
});
