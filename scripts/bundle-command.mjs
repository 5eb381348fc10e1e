// Bundles the command and its solver worker into one file each, in place of what tsc wrote for them. A cold `phase19 solve`
// spends most of its time on loading modules; one file loads in a fraction of the time of two hundred. The library keeps
// its modules.
import { readdirSync } from "node:fs";
import { build } from "esbuild";

/** zod brings its messages in 40 languages; ours are our own, so English is enough for what is left. */
const englishOnly = {
  name: "english-only",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ path, importer, resolveDir }) =>
      importer.includes("zod") ? { path, namespace: "english-only", pluginData: { resolveDir } } : null,
    );
    onLoad({ filter: /.*/, namespace: "english-only" }, ({ path, pluginData }) => ({
      contents: `export { default as en } from "${path.replace("index.js", "en.js")}";`,
      resolveDir: pluginData.resolveDir,
    }));
  },
};

/** Each solver package runs in a worker thread of its own, which its adapter is the entry of. */
const adapters = readdirSync("src/engine/exact").filter((file) => file.endsWith("-adapter.ts"));

await build({
  entryPoints: {
    main: "src/faces/cli/main.ts",
    ...Object.fromEntries(adapters.map((file) => [file.replace(/\.ts$/, ""), `src/engine/exact/${file}`])),
    "goal-worker": "src/engine/prove/goal-worker.ts",
    "hash-worker": "src/planner/documents/hash-worker.ts",
  },
  outdir: "dist/src/faces/cli",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  minify: true,
  // So that a stack trace still reads.
  keepNames: true,
  external: ["glpk.js", "highs", "javascript-lp-solver", "bullmq", "ioredis", "@modelcontextprotocol/sdk"],
  plugins: [englishOnly],
  // Packages written for CommonJS ask for what a module does not have.
  banner: {
    js: [
      'import { createRequire as bundleRequire } from "node:module";',
      'import { fileURLToPath as bundlePath } from "node:url";',
      "const require = bundleRequire(import.meta.url), __filename = bundlePath(import.meta.url);",
    ].join(" "),
  },
  logLevel: "warning",
});
