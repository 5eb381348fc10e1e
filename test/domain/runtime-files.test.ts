import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);

const WAVE = { agents: [{ agent_id: "a" }], tasks: [{ task_id: "t", risk_level: "LOW", confidence: 0.9 }] };

it("finds them where the folder that the program runs in is gone; the command line says so of paths in it", async () => {
  const library = pathToFileURL("dist/src/index.js").href;
  const code = `import { mkdtempSync, rmdirSync } from "node:fs";
    import { tmpdir } from "node:os";
    const folder = mkdtempSync(tmpdir() + "/phase19-gone-");
    process.chdir(folder);
    const { solve, closeSolvers } = await import(${JSON.stringify(library)});
    rmdirSync(folder);
    console.log((await solve(${JSON.stringify(WAVE)}, { strategy: "maximize_success", solver: "glpk" })).termination);
    await closeSolvers();`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code]);
  expect(stdout).toBe("optimal\n");
  const main = join(process.cwd(), "dist/src/faces/cli/main.js");
  const shell = `cd "$(mktemp -d)" && rmdir "$PWD" && exec "$0" "$1" solve --problem wave.json --strategy mix`;
  await expect(run("sh", ["-c", shell, process.execPath, main])).rejects.toMatchObject({
    code: 2,
    stderr: "phase19: the working folder: is gone; change to one that is there\n",
  });
});

it("finds the files of the package for code that was given to node itself, in a folder without the package", async () => {
  const library = pathToFileURL("dist/src/index.js").href;
  const call = `solve(${JSON.stringify(WAVE)}, { strategy: "maximize_success", solver: "glpk" })`;
  const code = `import(${JSON.stringify(library)}).then(async ({ solve, closeSolvers }) => {
    console.log((await ${call}).termination);
    await closeSolvers();
  })`;
  const { stdout } = await run(process.execPath, ["-e", code], { cwd: tmpdir() });
  expect(stdout).toBe("optimal\n");
});
