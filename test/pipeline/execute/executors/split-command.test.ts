import { describe, expect, it } from "vitest";
import { splitCommand } from "../../../../src/pipeline/execute/executors/split-command.js";

describe("splitCommand", () => {
  it.each<[string, string[]]>([
    ["python3 agent.py", ["python3", "agent.py"]],
    ["  a   b\tc\n", ["a", "b", "c"]],
    [`'my agent' "two words" plain`, ["my agent", "two words", "plain"]],
    [`a'b c'd`, ["ab cd"]],
    [`"" ''`, ["", ""]],
    [`a\\ b "c\\"d" "e\\nf" 'g\\h'`, ["a b", 'c"d', "e\\nf", "g\\h"]],
    ["echo $HOME `id` *", ["echo", "$HOME", "`id`", "*"]],
    ["--url=http://h/?a=1&b=2", ["--url=http://h/?a=1&b=2"]],
  ])("splits %j as a shell does, and expands nothing", (text, words) => {
    expect(splitCommand(text, "--execute")).toEqual(words);
  });

  it.each([
    ["", /names no command/],
    ["   ", /names no command/],
    ["a 'b", /single quote/],
    ['a "b', /double quote/],
    ["a \\", /ends with a backslash/],
    ["a | b", /only a shell understands/],
    ["a && b", /only a shell understands/],
    ["a > file", /only a shell understands/],
    ["a\0b", /NUL/],
  ])("refuses %j", (text, message) => {
    expect(() => splitCommand(text, "--execute")).toThrow(message);
  });
});
