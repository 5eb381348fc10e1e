import { execFileSync } from "node:child_process";

/** Solver workers run from `dist/`, and pages are checked against the types there, so the tests bring it up to date before anything else. */
export default function buildBeforeTests(): void {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
  execFileSync("npm", ["run", "--silent", "build:types"], { stdio: "inherit" });
}
