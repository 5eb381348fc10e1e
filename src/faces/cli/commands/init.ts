import { findRuntimeFile, InputError, makeFolders, writing } from "../../../domain/index.js";
import { defineCommand, NOTE_OPTIONS } from "../command.js";
import { EXIT, type Outcome } from "../environment.js";

/** What is written, and which example of the package it is a copy of. */
const FILES: Readonly<Record<string, string>> = {
  "README.md": "starter/README.md",
  "wave.json": "starter/wave.json",
  "plan.mjs": "starter/plan.mjs",
  "agent.py": "agent.py",
  "loop.py": "phase18_solve.py",
  "outputs/phase16/planned_tasks.jsonl": "starter/planned_tasks.jsonl",
  "outputs/phase18/agents.jsonl": "starter/agents.jsonl",
};

/** `phase19 init`: a small example to start from. */
export const init = defineCommand({
  name: "init",
  summary: "Write a small example to start from: a wave, an agent, a loop in Python. Overwrites nothing.",
  argument: "the folder to write; it is made where it is missing",
  argumentName: "folder",
  options: NOTE_OPTIONS,
  help: `
Example:
  $ phase19 init first && cd first
  $ phase19 solve --problem wave.json --strategy maximize_success`,
  run: async (_flags, _environment, folder): Promise<Outcome> => {
    const { constants, copyFile, lstat } = await import("node:fs/promises");
    const { dirname, join } = await import("node:path");
    const isFile = await lstat(folder).then(
      (entry) => entry.isFile(),
      () => false,
    );
    if (isFile) throw new InputError(folder, "is a file; give a folder that is empty or new");
    for (const file of Object.keys(FILES)) {
      const isThere = await lstat(join(folder, file)).then(
        () => true,
        () => false,
      );
      if (isThere) throw new InputError(join(folder, file), "is there already; give a folder that is empty or new");
    }
    for (const [file, example] of Object.entries(FILES)) {
      const path = join(folder, file);
      await writing(path, async () => {
        await makeFolders(dirname(path));
        await copyFile(exampleOf(example), path, constants.COPYFILE_EXCL);
      });
    }
    const next = `cd ${folder} && npx phase19 solve --problem wave.json --strategy maximize_success --format table`;
    return {
      stdout: `${Object.keys(FILES).length} files are in ${folder}; its README.md explains them. Next:\n${next}\n`,
      exitCode: EXIT.done,
    };
  },
});

function exampleOf(name: string): URL {
  return findRuntimeFile(`examples/${name}`);
}
