import { build, type Plugin } from "esbuild";
import { join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { RUNNERS } from "./runners.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = resolve(HERE, "../..");

/** Ours is measured as it is shipped: imports of its sources lead to what `npm run build` has written. */
const oursAsBuilt: Plugin = {
  name: "ours-as-built",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const target = relative(ROOT, resolve(resolveDir, path));
      const isOurs = target.startsWith("src/") || target.startsWith("models/");
      return isOurs ? { path: pathToFileURL(join(ROOT, "dist", target)).href, external: true } : null;
    });
  },
};

/** Compiled entry points. */
export interface Bundle {
  readonly childFile: string;
  /** URL of a runner's module. */
  urlOf(runner: string): string;
}

/** Compiles these files to plain JavaScript in `outdir`, one `.mjs` each: a transpiler at run time would slow hot loops down. */
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
    plugins: [oursAsBuilt],
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
