// Rolls up the declarations of the package's entries into dist/types: what nobody can import needs no types, and the declaration of
// an internal file may ask for packages that a consumer does not have.
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename } from "node:path";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const entries = Object.values(manifest.exports).filter(({ types }) => types !== undefined);
const input = Object.fromEntries(
  entries.map((entry) => [
    basename(entry.types, ".d.ts"),
    entry.default.replace("./dist/", "dist/declarations/").replace(/\.js$/, ".d.ts"),
  ]),
);
if (isCurrent()) process.exit();
rmSync("dist/types", { recursive: true, force: true });
const bundle = await rollup({ input, plugins: [dts()], external: /^(?![./])/, onwarn: explain });
const names = { entryFileNames: "[name].d.ts", chunkFileNames: "shared/[name].d.ts" };
await bundle.write({ dir: "dist/types", format: "es", ...names });

/** Whether nothing was emitted since the types were rolled up. */
function isCurrent() {
  const rolledMs = Math.max(
    0,
    ...entries.map(({ types }) => statSync(types, { throwIfNoEntry: false })?.mtimeMs ?? Infinity),
  );
  const emitted = readdirSync("dist/declarations", { recursive: true }).map(
    (name) => statSync(`dist/declarations/${name}`).mtimeMs,
  );
  return rolledMs !== Infinity && Math.max(...emitted) < rolledMs;
}

/** Types that an entry uses and does not export have no name for a consumer, which the types of the entry itself do not need. */
function explain(warning, warn) {
  if (!warning.message.includes("with no public re-export")) warn(warning);
}
