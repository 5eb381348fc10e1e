// Bundles the package: the command, the entries of the library and the workers. A cold `phase19 solve` spends most of its time on
// loading modules, and a few files load in a fraction of the time of two hundred. Command and library share their code in
// `dist/chunks/`; a worker is one file that holds all it needs, since `copyRuntime` carries it elsewhere.
import { chmodSync, existsSync, readdirSync, rmSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
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

/** Packages written for CommonJS `require` what Node brings, and a module has no `require`. */
const requiredBuiltins = {
  name: "required-builtins",
  setup({ onResolve, onLoad }) {
    const names = builtinModules.map((name) => name.replace("/", "\\/")).join("|");
    onResolve({ filter: new RegExp(`^(?:node:)?(?:${names})$`) }, ({ path, kind }) =>
      kind === "require-call" ? { path, namespace: "builtin" } : { path, external: true },
    );
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule("${path}");`,
    }));
  },
};

const COMMON = {
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  legalComments: "none",
  metafile: true,
  // Solvers bring WebAssembly beside them; the rest is the caller's to install.
  external: [
    ...["glpk.js", "highs", "javascript-lp-solver"],
    ...["bullmq", "ioredis", "@modelcontextprotocol/sdk", "@opentelemetry/api"],
  ],
  plugins: [englishOnly, requiredBuiltins],
  logLevel: "warning",
};

const COMMAND = "src/faces/cli/main";
const LIBRARY = ["src/index", "src/engine/index", "src/domain/schemas/index", "src/runtime", "models/index"];

const shared = await build({
  ...COMMON,
  entryPoints: [COMMAND, ...LIBRARY].map((path) => ({ in: `${path}.ts`, out: path })),
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  // Names stay, so that a stack trace reads and a caller's bundler drops what it does not use; the source maps lead to the lines.
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
});
chmodSync(`dist/${COMMAND}.js`, 0o755);

/** Each solver package runs in a worker thread of its own, which its adapter is the entry of. */
const adapters = readdirSync("src/engine/exact").filter((file) => file.endsWith("-adapter.ts"));
await build({
  ...COMMON,
  entryPoints: [
    "src/engine/prove/goal-worker.ts",
    "src/planner/documents/hash-worker.ts",
    ...adapters.map((file) => `src/engine/exact/${file}`),
  ],
  entryNames: "workers/[name]",
  minify: true,
  // So that a stack trace still reads.
  keepNames: true,
});

removeStale(["src", "models", "chunks"], new Set(Object.keys(shared.metafile.outputs)));

/** Removes what an earlier build left. */
function removeStale(folders, outputs) {
  for (const folder of folders.filter((name) => existsSync(`dist/${name}`))) {
    for (const entry of readdirSync(`dist/${folder}`, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      if (entry.isFile() && !outputs.has(path.replaceAll("\\", "/"))) rmSync(path);
    }
  }
}
