import { defineCommand } from "../command.js";
import { EXIT, type Outcome } from "../environment.js";
import { unknownValue } from "../unknown-words.js";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

/** `phase19 completion`: a script that completes commands, options and their choices. */
export const completion = defineCommand({
  name: "completion",
  summary: "Print a script that completes commands, options and choices in a shell.",
  argument: `the shell: ${SHELLS.join(", ")}`,
  argumentName: "shell",
  options: [],
  help: `
Examples:
  $ source <(phase19 completion bash)
  $ phase19 completion zsh > "\${fpath[1]}/_phase19"
  $ phase19 completion fish > ~/.config/fish/completions/phase19.fish`,
  check: (_flags, shell) => {
    if (!isShell(shell)) throw unknownValue("phase19 completion", shell, SHELLS);
  },
  run: async (_flags, _environment, shell): Promise<Outcome> => {
    const { COMMANDS } = await import("./index.js");
    const { completionScript } = await import("../completion-script.js");
    return { stdout: completionScript(shell as Shell, COMMANDS), exitCode: EXIT.done };
  },
});

function isShell(word: string): word is Shell {
  return (SHELLS as readonly string[]).includes(word);
}
