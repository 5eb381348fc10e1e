import { build } from "esbuild";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { oursAsBuilt } from "../peers/bundle.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Compiles the worker process to plain JavaScript in `outdir`; ours is what `npm run build` has written. Returns its file. */
export async function bundleChild(outdir: string): Promise<string> {
  await build({
    entryPoints: [join(HERE, "child.ts")],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    plugins: [oursAsBuilt],
    logLevel: "warning",
  });
  return join(outdir, "child.mjs");
}
