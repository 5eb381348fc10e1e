// Writes the modules of the library, one file each, without types and comments: the declarations carry those. What they mean is
// checked by `npm run typecheck`; here a file is only translated, which takes a second for all.
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
  outdir: "dist",
  outbase: ".",
  platform: "node",
  target: "node20",
  format: "esm",
  sourcemap: true,
  sourcesContent: false,
  legalComments: "none",
  // Names stay, so that a stack trace reads; the source maps lead to the lines.
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: "warning",
});
