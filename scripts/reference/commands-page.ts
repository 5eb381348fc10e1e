import { OPTION_GROUPS } from "../../src/domain/index.js";
import type { Command } from "../../src/faces/cli/command.js";
import { COMMANDS } from "../../src/faces/cli/commands/index.js";
import { describeOption } from "../../src/faces/cli/flags.js";
import { code, page, sentence, table } from "./markdown.js";

const INTRODUCTION = `Standard output carries the result and nothing else; notes go to standard error. \`-\` is standard input; durations are
written \`500ms\`, \`5s\`, \`2m\`. \`phase19 help COMMAND\` prints the same as this page. All names of an option, its range and
its unit are in [options.md](options.md).`;

/** `docs/reference/commands.md`: every command with its options and examples. */
export function commandsPage(): string {
  return page("Commands", [INTRODUCTION, ...COMMANDS.map(sectionOf)]);
}

function sectionOf({ name, summary, argument, argumentName = "result", other, options, help }: Command): string {
  const usage = `phase19 ${name}${argument === undefined ? "" : ` <${argumentName}>`}${other === undefined ? "" : " <other>"} [options]`;
  const rows = OPTION_GROUPS.flatMap((group) => options.filter((option) => option.group === group)).map((option) => [
    code(option.flag),
    sentence(describeOption(option)),
    option.group,
  ]);
  const parts = [
    `## ${name}`,
    sentence(summary),
    `\`\`\`text\n${usage}\n\`\`\``,
    ...(argument === undefined ? [] : [`\`<${argumentName}>\` is ${argument}.`]),
    ...(other === undefined ? [] : [`\`<other>\` is ${other}.`]),
    table(["option", "meaning", "group"], rows),
    `\`\`\`text\n${help.trim()}\n\`\`\``,
  ];
  return parts.join("\n\n");
}
