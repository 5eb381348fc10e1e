// Bundles script and style of the page into one file each; `report` and `serve` put them into the HTML they write.
import { build } from "esbuild";

await build({
  entryPoints: { page: "src/pages/index.ts" },
  outdir: "dist/pages",
  bundle: true,
  platform: "browser",
  target: "es2022",
  format: "iife",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
});

await build({
  entryPoints: { page: "src/pages/page.css" },
  outdir: "dist/pages",
  minify: true,
  logLevel: "warning",
});
