import { build } from "esbuild";
import { glob } from "tinyglobby";

/** The sources that import a module of the room, through others or at once, and the room itself; paths from the root. */
export async function modulesThatReach(room) {
  const sources = await glob(["src/**/*.ts", "models/**/*.ts"], { ignore: ["src/pages/**"] });
  const { metafile } = await build({
    stdin: { contents: sources.map((path) => `import "./${path}";`).join("\n"), resolveDir: process.cwd() },
    ...{ bundle: true, format: "esm", platform: "node", packages: "external", logLevel: "error" },
    ...{ write: false, metafile: true },
  });
  const importersOf = new Map();
  for (const [path, { imports }] of Object.entries(metafile.inputs)) {
    for (const one of imports) importersOf.set(one.path, [...(importersOf.get(one.path) ?? []), path]);
  }
  const reaching = new Set();
  const open = await glob(room);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reaching.has(path)) continue;
    reaching.add(path);
    open.push(...(importersOf.get(path) ?? []));
  }
  return reaching;
}
