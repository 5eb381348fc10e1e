// Writes the version of package.json into the sources; `npm version` runs it.
import { readFileSync, writeFileSync } from "node:fs";

const file = "src/domain/version.ts";
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
writeFileSync(file, readFileSync(file, "utf8").replace(/"[^"]*";/, `"${version}";`));
