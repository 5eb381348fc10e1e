// Runs the whole pipeline on a copy of the bundled example, so that the example itself stays as it is.
import { spawn } from "node:child_process";
import { cp, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const outputs = inRoot("outputs");
const isThere = await stat(`${outputs}/phase18`).then(
  () => true,
  () => false,
);
if (!isThere) await cp(inRoot("fixtures/demo"), outputs, { recursive: true });
const words = ["run", "--outputs", "outputs", "--format", "table", ...process.argv.slice(2)];
const child = spawn(process.execPath, [inRoot("dist/src/faces/cli/main.js"), ...words], {
  cwd: inRoot("."),
  stdio: "inherit",
});
// The command answers Ctrl-C itself; whoever started it waits for that.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => undefined);
child.on("exit", (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 130);
});
