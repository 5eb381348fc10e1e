import { execFileSync } from "node:child_process";

/** Solver workers run from `dist/`, and pages are checked against the types there, so the tests bring it up to date before anything else. */
export default function buildBeforeTests(): void {
  // Each project of the configuration asks for it.
  if (process.env["PHASE19_TESTS_BUILT"] === "yes") return;
  process.env["PHASE19_TESTS_BUILT"] = "yes";
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
  execFileSync("npm", ["run", "--silent", "build:types"], { stdio: "inherit" });
}
