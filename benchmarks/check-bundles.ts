/**
 * Bundles a program that uses the packed package, with esbuild and rollup, as a module and as CommonJS, and runs it: where it was built,
 * in a folder where nothing is installed with the files that `copyRuntime` puts beside it, and there without them, which ends in one
 * line with the cure. Exit code 1 where one of them does anything else.
 */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import commonjs from "@rollup/plugin-commonjs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build } from "esbuild";
import { type Plugin, rollup } from "rollup";
import type * as Runtime from "../src/runtime.js";
import { type Ended, installPacked, run } from "./package/installed.js";

/** The plugin's types describe its CommonJS build; the module that Node loads exports the plugin itself. */
const toModules = commonjs as unknown as () => Plugin;

const FORMATS = ["esm", "cjs"] as const;
type Format = (typeof FORMATS)[number];

const folder = await installPacked();
const entry = join(folder, "consumer.mjs");
const faults: string[] = [];
try {
  const built = pathToFileURL(join(folder, "node_modules/phase19-optimizer/dist/src/runtime.js")).href;
  const { copyRuntime } = (await import(built)) as typeof Runtime;
  for (const [bundler, bundle] of Object.entries({ esbuild: withEsbuild, rollup: withRollup })) {
    for (const format of FORMATS) {
      const name = `${bundler}.${format === "esm" ? "mjs" : "cjs"}`;
      await bundle(join(folder, "built", name), format);
      report(`${name} where it was built`, await run(folder, process.execPath, `built/${name}`, "outputs"), true);
      const away = await mkdtemp(join(tmpdir(), "phase19-bundle-"));
      await cp(join(folder, "built", name), join(away, name));
      report(`${name} alone`, await run(away, process.execPath, name), false);
      await copyRuntime(away);
      await cp(join(folder, "node_modules/phase19-optimizer/fixtures/demo"), join(away, "outputs"), {
        recursive: true,
      });
      report(`${name} with its runtime`, await run(away, process.execPath, name, "outputs"), true);
      await rm(away, { recursive: true });
    }
  }
} finally {
  await rm(folder, { recursive: true });
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

async function withEsbuild(outfile: string, format: Format): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    format,
    bundle: true,
    platform: "node",
    target: "node20",
    logLevel: "error",
  });
}

async function withRollup(file: string, format: Format): Promise<void> {
  const bundle = await rollup({
    input: entry,
    external: (id) => id.startsWith("node:") || id === "bullmq" || id === "ioredis",
    plugins: [nodeResolve({ preferBuiltins: true }), toModules()],
    onwarn: () => undefined,
  });
  await bundle.write({ file, format, inlineDynamicImports: true });
}

/** A bundle solves everything, or says in one line what it lacks. */
function report(name: string, { code, stdout, stderr }: Ended, isWhole: boolean): void {
  const says = (code === 0 ? stdout : stderr).trim();
  console.log(`${name}: ${code} ${says}`);
  const isRight = isWhole ? code === 0 : code === 1 && says.includes("copyRuntime") && !says.includes("\n");
  if (!isRight) faults.push(`${name}: ${says}`);
}
