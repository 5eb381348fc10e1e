// Builds the documentation site in site/dist: the guides of docs/ and the other pages of the package as they are, the source files
// that they link to as pages, and TypeDoc's reference of the types in dist/types. Fails on a dead link or a guide without a place.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vitepress";
import { findDeadLinks } from "./dead-links.mjs";
import { writePages } from "./write-pages.mjs";

process.chdir(fileURLToPath(new URL(".", import.meta.url)));
rmSync("pages", { recursive: true, force: true });
execFileSync("node_modules/.bin/typedoc", { stdio: "inherit" });
writePages("..", "pages");
await build(".");

const { links, dead } = findDeadLinks("dist");
for (const link of dead) console.error(`dead link: ${link}`);
console.log(`${links} links, ${dead.length} dead`);
if (links === 0 || dead.length > 0) process.exitCode = 1;
