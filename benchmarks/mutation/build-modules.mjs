// Writes the sources as modules, one file each, into dist/modules: the runner loads what is outside the room from there.
import { readdirSync } from "node:fs";
import { build } from "esbuild";

/** The page runs in a browser and is bundled on its own. */
const PAGES = /^src[\\/]pages[\\/]/;

const entryPoints = ["src", "models"].flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((path) => path.endsWith(".ts") && !PAGES.test(path)),
);
await build({
  entryPoints,
  outdir: "dist/modules",
  outbase: ".",
  platform: "node",
  target: "node20",
  format: "esm",
  logLevel: "warning",
});
