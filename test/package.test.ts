import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_VERSION } from "../src/domain/version.js";
import { IS_LINKED } from "./linked.js";
import { ROOT } from "./source-files.js";

/** The one smoke test of what users install: the packed tarball in an empty folder. */

const execute = promisify(execFile);
const manifest = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8")) as {
  version: string;
  exports: Record<string, unknown>;
};
const MAX_INSTALL_MB = 30;
const MAX_PACKED_MB = 2;

let folder = "";
let packedMb = 0;
const run = (command: string, ...words: string[]) => execute(command, words, { cwd: folder });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "phase19-package-"));
  // The global set-up has just built dist/, so scripts would only do that again.
  const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const packed = await execute("npm", pack, { cwd: ROOT });
  const [{ filename, size }] = JSON.parse(packed.stdout) as [{ filename: string; size: number }];
  packedMb = size / 1e6;
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  await run("npm", "install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", `./${filename}`);
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

describe("the installed package", () => {
  it("imports under every name it exports", async () => {
    const names = Object.keys(manifest.exports)
      .filter((name) => !name.endsWith(".json") && !name.includes("*"))
      .map((name) => JSON.stringify(`phase19-optimizer${name.slice(1)}`));
    expect(names.length).toBe(5);
    const script = names.map((name) => `await import(${name});`).join(" ");
    await run(process.execPath, "--input-type=module", "-e", `${script} console.log("all");`).then(({ stdout }) =>
      expect(stdout).toBe("all\n"),
    );
  });

  it("type-checks in a strict consumer that has no types of Node", async () => {
    const consumer = `import { solve, type ProblemInput, type SolveResult } from "phase19-optimizer";
import { formatLp } from "phase19-optimizer/models";
import { Sequencer } from "phase19-optimizer/engine";
import { jsonSchemaOf } from "phase19-optimizer/schemas";
import { copyRuntime } from "phase19-optimizer/runtime";
export const all = [solve, formatLp, Sequencer, jsonSchemaOf, copyRuntime];
export const isDone = (result: SolveResult): boolean => result.termination === "optimal";
// @ts-expect-error -- not one of the terminations, so the type is a real one
export const isWrong = (result: SolveResult): boolean => result.termination === "done";
// @ts-expect-error -- a key that is none
export const problem: ProblemInput = { agents: [{ agent_id: "a", capacty_ms: 1 }], tasks: [] };
`;
    await writeFile(join(folder, "consumer.ts"), consumer);
    const strictness = { strict: true, noEmit: true, types: [], skipDefaultLibCheck: true };
    const compilerOptions = { module: "NodeNext", target: "ES2022", ...strictness };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
    await expect(run(`${ROOT}/node_modules/.bin/tsc`, "-p", ".")).resolves.toMatchObject({ stdout: "" });
  }, 60_000);

  it("brings the command", async () => {
    expect((await run("node_modules/.bin/phase19", "--version")).stdout).toBe(`${manifest.version}\n`);
  });

  it.skipIf(!IS_LINKED)("plans the bundled wave", async () => {
    const demo = "node_modules/phase19-optimizer/fixtures/demo";
    const input = ["--phase18", `${demo}/phase18`, "--phase16", `${demo}/phase16`, "--phase17", `${demo}/phase17`];
    const words = ["solve", "--strategy", "maximize_success", ...input, "--wave", "1"];
    const { stdout } = await run("node_modules/.bin/phase19", ...words);
    expect(JSON.parse(stdout)).toMatchObject({ schema_version: 1, termination: "optimal" });
  });

  it("brings whatever its pages link to", async () => {
    const installed = join(folder, "node_modules/phase19-optimizer");
    const names = await readdir(installed, { recursive: true });
    const pages = names.filter((name) => name.endsWith(".md") && !name.includes("node_modules"));
    const links = pages.flatMap((page) =>
      [...readFileSync(join(installed, page), "utf8").matchAll(/\]\(([^)#\s]+)/g)]
        .map(([, link]) => ({ page, link: link! }))
        .filter(({ link }) => !/^\w+:/.test(link)),
    );
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter(({ page, link }) => !existsSync(join(installed, dirname(page), link)))).toEqual([]);
  });

  it("names its version where a bundle of a caller can read it", () => {
    expect(PACKAGE_VERSION).toBe(manifest.version);
  });

  it(`has at most ${MAX_PACKED_MB} MB, packed`, () => {
    console.log(`packed: ${packedMb.toFixed(2)} MB`);
    expect(packedMb).toBeLessThanOrEqual(MAX_PACKED_MB);
  });

  it(`installs in less than ${MAX_INSTALL_MB} MB`, async () => {
    const megabytes = (await sumBytes(join(folder, "node_modules"))) / 1e6;
    console.log(`production install: ${megabytes.toFixed(1)} MB`);
    expect(megabytes).toBeLessThan(MAX_INSTALL_MB);
  });
});

async function sumBytes(path: string): Promise<number> {
  const names = await readdir(path, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
