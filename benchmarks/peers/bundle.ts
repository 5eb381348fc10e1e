import { build } from "esbuild";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { RUNNERS } from "./runners.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Compiled entry points. */
export interface Bundle {
  readonly childFile: string;
  /** URL of a runner's module. */
  urlOf(runner: string): string;
}

/**
 * Compiles these files to plain JavaScript in `outdir`, one `.mjs` each: a transpiler at run time would slow hot loops down.
 * Ours is compiled with them from its sources, by the same compiler as the package, whose workers it starts.
 */
export async function bundleFiles(entryPoints: string[], outdir: string): Promise<void> {
  await build({
    entryPoints,
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    logLevel: "warning",
  });
}

/** Compiles the child process and every runner. */
export async function bundlePeers(outdir: string): Promise<Bundle> {
  await bundleFiles(
    ["child", ...RUNNERS].map((name) => join(HERE, `${name}.ts`)),
    outdir,
  );
  return {
    childFile: join(outdir, "child.mjs"),
    urlOf: (runner) => pathToFileURL(join(outdir, `${runner}.mjs`)).href,
  };
}
