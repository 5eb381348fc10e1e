import { type FlagOption, longOf } from "../../domain/index.js";
import type { Command } from "./command.js";

type Listed = Pick<Command, "name" | "summary" | "options">;

/** The completion of a shell: the commands first, then the options of the command, then the choices of an option, else files. */
export function completionScript(shell: "bash" | "zsh" | "fish", commands: readonly Listed[]): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](commands);
}

function bashScript(commands: readonly Listed[]): string {
  return `# bash completion of phase19
_phase19() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${namesOf(commands).join(" ")}"
  else
    case "$before" in
${choiceCases(commands, "      ")}
    esac
    if [ -z "$words" ] && [ "\${word:0:1}" = "-" ]; then
      case "\${COMP_WORDS[1]}" in
${flagCases(commands, "        ")}
      esac
    fi
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _phase19 phase19
`;
}

function zshScript(commands: readonly Listed[]): string {
  const described = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`);
  return `#compdef phase19
_phase19() {
  local -a commands=(
${described.join("\n")}
  )
  local words_=""
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "\${words[CURRENT-1]}" in
${choiceCases(commands, "    ").replaceAll('words="', 'words_="')}
  esac
  if [[ -z "$words_" && "\${words[CURRENT]}" == -* ]]; then
    case "\${words[2]}" in
${flagCases(commands, "      ").replaceAll('words="', 'words_="')}
    esac
  fi
  if [[ -n "$words_" ]]; then compadd -- \${=words_}; else _files; fi
}
compdef _phase19 phase19
`;
}

function fishScript(commands: readonly Listed[]): string {
  const lines = commands.flatMap(({ name, summary, options }) => [
    `complete -c phase19 -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
    ...options.map((option) => {
      const takes =
        option.kind.type === "boolean" ? "" : choicesOf(option) === "" ? " -r" : ` -x -a ${quote(choicesOf(option))}`;
      return `complete -c phase19 -n '__fish_seen_subcommand_from ${name}' -l ${longOf(option.flag).slice(2)}${takes} -d ${quote(option.help)}`;
    }),
  ]);
  return `# fish completion of phase19\n${lines.join("\n")}\n`;
}

function namesOf(commands: readonly Listed[]): string[] {
  return [...commands.map(({ name }) => name), "help"];
}

function flagCases(commands: readonly Listed[], indent: string): string {
  return commands
    .map(
      ({ name, options }) =>
        `${indent}${name}) words="${[...options.map(({ flag }) => longOf(flag)), "--help"].join(" ")}" ;;`,
    )
    .join("\n");
}

/** One line for each option with choices; where commands differ in them, all are offered. */
function choiceCases(commands: readonly Listed[], indent: string): string {
  const choices = new Map<string, Set<string>>();
  for (const option of commands.flatMap(({ options }) => [...options])) {
    if (option.kind.type !== "choice") continue;
    const known = choices.get(longOf(option.flag)) ?? new Set<string>();
    for (const choice of option.kind.choices) known.add(choice);
    choices.set(longOf(option.flag), known);
  }
  return [...choices].map(([flag, words]) => `${indent}${flag}) words="${[...words].join(" ")}" ;;`).join("\n");
}

function choicesOf({ kind }: FlagOption): string {
  return kind.type === "choice" ? kind.choices.join(" ") : "";
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
