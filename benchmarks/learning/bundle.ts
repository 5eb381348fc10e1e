import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleFiles } from "../peers/bundle.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Compiles the worker process to plain JavaScript in `outdir`; ours is what `npm run build` has written. Returns its file. */
export async function bundleChild(outdir: string): Promise<string> {
  await bundleFiles([join(HERE, "child.ts")], outdir);
  return join(outdir, "child.mjs");
}
