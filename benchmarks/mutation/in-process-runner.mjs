/**
 * A test runner of Stryker that evaluates the tests and the room anew for every mutant, all in one process. Vitest starts a worker for
 * every mutant, which takes a second where the tests take some milliseconds.
 */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";
import { INSTRUMENTER_CONSTANTS } from "@stryker-mutator/api/core";
import { commonTokens, declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import { build } from "esbuild";
import { glob } from "tinyglobby";
import { modulesThatReach } from "./modules-that-reach.mjs";
import { endFile, runTest, wordsOf } from "./test-words.mjs";

const listOf = (name) => JSON.parse(process.env[name] ?? "[]");
/** Tests that take more CPU are left out: a mutant would take minutes. What only they notice counts as survived. */
const LONGEST_TEST_MS = Number(process.env.PHASE19_MUTATION_LONGEST_TEST_MS ?? Infinity);
/** In the copy of the sources that Stryker makes and removes. */
const SLOW_TESTS = ".slow-tests.json";
const requireHere = createRequire(import.meta.url);

/** Where the instrumented code finds which mutant is active, and counts what the tests reach. */
const stryker = (globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});

/**
 * What is outside the room and its tests is loaded once, as `build-modules.mjs` wrote it; but what reaches the room is evaluated anew too,
 * since otherwise it would use the room as it was built, without mutants.
 */
function outsideOf(reaching) {
  return {
    name: "outside-of-the-room",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ path: source, importer }) => {
        const path = relative(process.cwd(), resolve(dirname(importer), source));
        if (!/^(?:src|models)\//.test(path) || reaching.has(path.replace(/\.js$/, ".ts"))) return null;
        const built = resolve("dist/modules", path);
        return existsSync(built) ? { path: built, external: true } : null;
      });
      onResolve({ filter: /^[^./]/ }, ({ path }) => ({ path, external: true }));
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        return { contents: text.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)), loader: "ts" };
      });
    },
  };
}

async function bundle(files) {
  const reaching = await modulesThatReach(listOf("PHASE19_MUTATION_ROOM"));
  const lines = files.map((file) => `[${JSON.stringify(file)}, () => require("./${file}")]`);
  const { outputFiles, metafile } = await build({
    stdin: { contents: `module.exports = [${lines.join(",\n")}];`, resolveDir: process.cwd() },
    ...{ bundle: true, format: "cjs", platform: "node", write: false, metafile: true, logLevel: "error" },
    plugins: [outsideOf(reaching)],
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  return {
    text: outputFiles[0].text,
    externals: new Set(imports.filter((one) => one.external).map(({ path }) => path)),
  };
}

async function loadExternals(paths) {
  const entries = [...paths]
    .filter((path) => path !== "vitest")
    .map(async (path) => {
      const target = path.startsWith("/") ? pathToFileURL(path).href : path;
      return [path, { ...(await import(target)), __esModule: true }];
    });
  return new Map(await Promise.all(entries));
}

class InProcessRunner {
  static inject = [commonTokens.logger];
  #logger;
  #script;
  #externals;
  /** Time of each test file in the dry run, milliseconds: the quick ones run first, since the first failure decides. */
  #timeOf = new Map();
  /** Ids of the tests that take too long. */
  #slow = new Set();

  constructor(logger) {
    this.#logger = logger;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    const files = await glob(listOf("PHASE19_MUTATION_TESTS"));
    const { text, externals } = await bundle(files.sort());
    this.#script = new Script(`(function (module, require) {${text}\n})`);
    this.#externals = await loadExternals(externals);
    this.#slow = new Set(await this.#slowTests());
  }

  /** The test files, none of them evaluated yet; every call has modules of its own. */
  #files() {
    const module = { exports: [] };
    let words;
    const externals = this.#externals;
    const require = (path) => (path === "vitest" ? words : (externals.get(path) ?? requireHere(path)));
    this.#script.runInThisContext()(module, require);
    return module.exports.map(([file, evaluate]) => ({
      file,
      collect() {
        const collected = wordsOf(resolve(file));
        words = collected.words;
        evaluate();
        return collected;
      },
    }));
  }

  async dryRun() {
    [stryker.activeMutant, stryker.hitCount, stryker.mutantCoverage] = [undefined, undefined, undefined];
    const tests = await this.#run((id) => !this.#slow.has(id), false);
    for (const { id, timeSpentMs } of tests)
      this.#timeOf.set(fileOf(id), (this.#timeOf.get(fileOf(id)) ?? 0) + timeSpentMs);
    return { status: DryRunStatus.Complete, tests, mutantCoverage: stryker.mutantCoverage };
  }

  /** Ids of the slow tests: measured before the dry run, which tells Stryker how long a mutant may take, and kept for runners that follow. */
  async #slowTests() {
    if (existsSync(SLOW_TESTS)) return JSON.parse(await readFile(SLOW_TESTS, "utf8"));
    const tests = await this.#run(() => true, false);
    const slow = tests.filter(({ status, cpuMs }) => status === TestStatus.Success && cpuMs > LONGEST_TEST_MS);
    for (const { id, name, cpuMs } of slow)
      this.#logger.info(`Left out, ${Math.round(cpuMs)} ms: ${fileOf(id)}: ${name}`);
    const ids = slow.map(({ id }) => id);
    await writeFile(SLOW_TESTS, JSON.stringify(ids));
    return ids;
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation, disableBail }) {
    [stryker.hitCount, stryker.hitLimit] = [hitLimit === undefined ? undefined : 0, hitLimit];
    const activate = () => (stryker.activeMutant = activeMutant.id);
    if (mutantActivation === "static") activate();
    const isChosen = (id) => !this.#slow.has(id) && (testFilter === undefined || testFilter.includes(id));
    const chosenFiles = testFilter && new Set(testFilter.map(fileOf));
    try {
      const tests = await this.#run(isChosen, !disableBail, { chosenFiles, activate });
      const result = { status: DryRunStatus.Complete, tests };
      return toMutantRunResult(determineHitLimitReached(stryker.hitCount, hitLimit) ?? result);
    } finally {
      stryker.activeMutant = undefined;
    }
  }

  async #run(isChosen, bails, { chosenFiles, activate } = {}) {
    const results = [];
    const timeOf = (file) => this.#timeOf.get(file) ?? 0;
    for (const { file, collect } of this.#files().sort((a, b) => timeOf(a.file) - timeOf(b.file))) {
      if (chosenFiles !== undefined && !chosenFiles.has(file)) continue;
      stryker.currentTestId = undefined;
      let collected;
      try {
        collected = collect();
      } catch (error) {
        return [...results, failed(`${file}#0`, file, error)];
      }
      activate?.();
      for (const [k, test] of collected.tests.entries()) {
        const id = `${file}#${k}`;
        if (!isChosen(id)) continue;
        stryker.currentTestId = id;
        results.push(await resultOf(id, test, () => runTest(collected, test)));
        if (bails && results.at(-1).status === TestStatus.Failed) return results;
      }
      stryker.currentTestId = undefined;
      await endFile(collected);
    }
    return results;
  }
}

const fileOf = (id) => id.slice(0, id.indexOf("#"));

function failed(id, name, error) {
  const failureMessage = String(error?.message ?? error);
  return { id, name, status: TestStatus.Failed, timeSpentMs: 0, failureMessage };
}

async function resultOf(id, { name }, run) {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  try {
    await run();
    const { user, system } = process.cpuUsage(cpu);
    return {
      ...{ id, name, status: TestStatus.Success, timeSpentMs: performance.now() - start },
      cpuMs: (user + system) / 1000,
    };
  } catch (error) {
    return failed(id, name, error);
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "in-process", InProcessRunner)];
