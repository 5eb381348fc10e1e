import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);

it("finds the files of the package for code that was given to node itself, in a folder without the package", async () => {
  const library = pathToFileURL("dist/src/index.js").href;
  const wave = { agents: [{ agent_id: "a" }], tasks: [{ task_id: "t", risk_level: "LOW", confidence: 0.9 }] };
  const call = `solve(${JSON.stringify(wave)}, { strategy: "maximize_success", solver: "glpk" })`;
  const code = `import(${JSON.stringify(library)}).then(async ({ solve, closeSolvers }) => {
    console.log((await ${call}).termination);
    await closeSolvers();
  })`;
  const { stdout } = await run(process.execPath, ["-e", code], { cwd: tmpdir() });
  expect(stdout).toBe("optimal\n");
});
