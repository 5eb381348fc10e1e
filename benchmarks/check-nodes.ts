/**
 * The packed package on the versions of Node that it is for: planned with every solver, a whole run, and the command. The versions
 * come from the registry (the package `node`). With `-- --others` also on Bun and Deno. Exit code 1 where one of them fails.
 */
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { installPacked, run } from "./package/installed.js";

const VERSIONS = ["20.17", "20", "22", "24"];
const OTHERS = [
  ["bun", "consumer.mjs"],
  ["deno", "run", "--allow-all", "consumer.mjs"],
] as const;

const folder = await installPacked();
let hasFailed = false;
try {
  for (const version of VERSIONS) {
    const node = ["--yes", "--package", `node@${version}`, "--", "node"];
    await check(`node ${version}`, [...node, "consumer.mjs"]);
    const command = "node_modules/phase19-optimizer/dist/src/faces/cli/main.js";
    await check(`command on node ${version}`, [...node, command, "--version"], false);
  }
  if (process.argv.includes("--others")) {
    for (const [name, ...words] of OTHERS) await check(name, ["--yes", "--package", name, "--", name, ...words]);
  }
} finally {
  await rm(folder, { recursive: true });
}
process.exitCode = hasFailed ? 1 : 0;

async function check(name: string, words: readonly string[], withRun = true): Promise<void> {
  const outputs = join(folder, "fresh");
  if (withRun) await cp(join(folder, "outputs"), outputs, { recursive: true });
  const { code, stdout, stderr } = await run(folder, "npx", ...words, ...(withRun ? ["fresh"] : []));
  console.log(`${name}: ${code} ${(code === 0 ? stdout : stderr).trim()}`);
  if (code !== 0) hasFailed = true;
  await rm(outputs, { recursive: true, force: true });
}
