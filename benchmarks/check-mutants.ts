/**
 * Plants one fault at a time into a copy of the sources and runs the tests that should notice, without golden files.
 * Usage: check-mutants [text in the name]
 */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Mutant, MUTANTS } from "./mutants.js";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
/** The workers in dist/ hold no code that is mutated, so they are copied as they are and nothing is built again. */
const COPIED = ["models", "src", "test", "dist", "fixtures", "package.json", "tsconfig.json"];
const CONFIG = `import { defineConfig } from "vitest/config";
export default defineConfig({ test: { testTimeout: 60_000, bail: 1 } });
`;
const TIME_LIMIT_MS = 300_000;

async function copyTree(): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), "phase19-mutants-"));
  for (const name of COPIED) await cp(join(ROOT, name), join(tree, name), { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(tree, "node_modules"));
  await writeFile(join(tree, "vitest.config.ts"), CONFIG);
  return tree;
}

/** Whether the tests are green. A run that could not start at all is an error, not a kill. */
function runTests(tree: string, tests: readonly string[]): Promise<boolean> {
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const options = { cwd: tree, timeout: TIME_LIMIT_MS, maxBuffer: 64 * 2 ** 20 };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [vitest, "run", "--reporter=dot", ...tests], options, (error, stdout, stderr) => {
      if (error === null) return resolve(true);
      if (/Tests\s.*\d+ failed/.test(stdout.replaceAll(/\u001b\[[0-9;]*m/g, ""))) return resolve(false);
      reject(new Error(`the tests did not run: ${stdout.slice(-2000)}${stderr.slice(-2000)}`));
    });
  });
}

async function isKilled(tree: string, mutant: Mutant): Promise<boolean> {
  const path = join(tree, mutant.file);
  const original = await readFile(path, "utf8");
  if (original.split(mutant.find).length !== 2) throw new Error(`${mutant.name}: not found once in ${mutant.file}`);
  await writeFile(
    path,
    original.replace(mutant.find, () => mutant.replace),
  );
  try {
    for (const test of mutant.tests) if (!(await runTests(tree, [test]))) return true;
    return false;
  } finally {
    await writeFile(path, original);
  }
}

const chosen = MUTANTS.filter(({ name }) => name.includes(process.argv[2] ?? ""));
const tree = await copyTree();
const survivors: string[] = [];
try {
  const tests = [...new Set(chosen.flatMap((mutant) => mutant.tests))];
  if (!(await runTests(tree, tests))) throw new Error("the tests are red before any fault is planted");
  for (const mutant of chosen) {
    const start = performance.now();
    const killed = await isKilled(tree, mutant);
    if (!killed) survivors.push(mutant.name);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${killed ? "killed  " : "SURVIVED"}  ${seconds.padStart(5)} s  ${mutant.name} (${mutant.file})`);
  }
} finally {
  await rm(tree, { recursive: true });
}
console.log(`${chosen.length - survivors.length} of ${chosen.length} mutants killed without golden files`);
process.exitCode = survivors.length === 0 ? 0 : 1;
