import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../src/domain/errors.js";
import type { SuiteName } from "../../src/domain/suites.js";
import { decodeUtf8, isPresent, readFileBytes } from "../../src/planner/documents/read.js";
import type { ArrayProblem, BenchCase } from "../../src/planner/bench/bench-instance.js";
import { generatedCases } from "../../src/planner/bench/generated-cases.js";
import { chooseCases, type CaseChoice } from "../../src/planner/bench/list-cases.js";
import { toDocument } from "../../src/planner/bench/to-document.js";
import { publishedShops, readShop } from "../fjsp-instances.js";
import { dagDocument } from "../../src/planner/bench/dag-document.js";
import { readBestKnown } from "./read-best-known.js";
import { readGap } from "./read-gap.js";
import { readPcmax } from "./read-pcmax.js";
import { readRcmax } from "./read-rcmax.js";

const BEST_KNOWN_FILE = "best_known.csv";

/** An instance file: the problem, and the optimum where the file itself states it. */
type InstanceReader = (text: string, file: string) => { problem: ArrayProblem; optimum: number | null };

/** Suites that have public files, each in the folder of its name. */
const READERS: Readonly<Partial<Record<SuiteName, InstanceReader>>> = {
  gap: (text, file) => ({ problem: readGap(text, file), optimum: null }),
  rcmax: (text, file) => ({ problem: readRcmax(text, file), optimum: null }),
  pcmax: readPcmax,
};

/**
 * The instances to measure: of each suite the public ones of the directory, then the generated ones.
 *
 * @param instancesDir null: generated instances alone
 * @throws InputError where the directory is not there, or no instance is left
 */
export async function listPublicCases(choice: CaseChoice, instancesDir: string | null): Promise<BenchCase[]> {
  const cases: BenchCase[] = [];
  for (const suite of choice.suites) {
    if (instancesDir !== null) cases.push(...(await publicCases(suite, instancesDir)));
    cases.push(...generatedCases(suite));
  }
  return chooseCases(cases, choice);
}

/**
 * The public files of a suite, in the folder of its name, ordered by name; none where that folder is not there. Best known values come from
 * `best_known.csv`, where there is one.
 *
 * @throws InputError naming `--instances` where the directory is not there
 */
async function publicCases(suite: SuiteName, instancesDir: string): Promise<BenchCase[]> {
  if (!(await isPresent(instancesDir))) {
    throw new InputError(
      "--instances",
      `${instancesDir} does not exist; give the directory that holds gap, rcmax, pcmax`,
    );
  }
  if (suite === "fjsp") return publicShops(join(instancesDir, suite));
  const read = READERS[suite];
  const folder = join(instancesDir, suite);
  if (read === undefined || !(await isPresent(folder))) return [];
  const bestKnown = await loadBestKnown(instancesDir);
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith("."));
  return files
    .map(({ name }) => name)
    .sort(compareNaturally)
    .map((file) => publicCase(suite, join(folder, file), file, read, bestKnown));
}

/** Flexible job shops: waves with dependencies, so documents and no arrays. */
async function publicShops(folder: string): Promise<BenchCase[]> {
  const suite = "fjsp";
  if (!(await isPresent(join(folder, BEST_KNOWN_FILE)))) return [];
  return publishedShops(folder).map(({ name, bestKnown }): BenchCase => {
    const facts = { suite, name, kind: "document", sense: "min", bestKnown, arrays: null } as const;
    const load = async () => {
      const dag = readShop(await readText(join(folder, `${name}.json`)));
      return { ...facts, document: dagDocument(dag, { options: { strategy: "maximize_throughput" } }) };
    };
    return { suite, name, load };
  });
}

/** `gap2-0` before `gap10-0`. */
function compareNaturally(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

function publicCase(
  suite: SuiteName,
  path: string,
  file: string,
  read: InstanceReader,
  bestKnown: ReadonlyMap<string, number>,
): BenchCase {
  const name = file.replace(/\.[a-z]+$/, "");
  return {
    suite,
    name,
    load: async () => {
      const { problem, optimum } = read(await readText(path), path);
      const best = bestKnown.get(`${suite}/${name}`) ?? bestKnown.get(`${suite}/${file}`) ?? optimum;
      const document = toDocument(problem);
      return { suite, name, kind: "document", sense: "min", bestKnown: best, document, arrays: problem };
    },
  };
}

async function loadBestKnown(instancesDir: string): Promise<ReadonlyMap<string, number>> {
  const file = join(instancesDir, BEST_KNOWN_FILE);
  return (await isPresent(file)) ? readBestKnown(await readText(file), file) : new Map<string, number>();
}

async function readText(path: string): Promise<string> {
  return decodeUtf8(await readFileBytes(path), path);
}
