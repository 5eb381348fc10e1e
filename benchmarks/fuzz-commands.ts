import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../src/domain/errors.js";
import { createRandom, type Random } from "../src/domain/random.js";
import { solve } from "../src/planner/solve/solve.js";
import { fuzzedText, QUICK, smallDocument, spoil } from "./fuzz-inputs.js";

/** Inputs that are spoilt, given to the command line, each in a directory of its own. */

export type CommandKind = "solve" | "verify" | "evaluate" | "run";
export const COMMAND_KINDS: readonly CommandKind[] = ["solve", "verify", "evaluate", "run"];

const COMMAND = "dist/src/faces/cli/main.js";
const TIME_LIMIT_MS = 60_000;
const MAX_HEAP_MB = 1024;
const EXIT_CODES: readonly (number | null)[] = [0, 2, 3, 4, 5];
/** Seeds that no other draw has. */
const SEED_STRIDE = 10_000_019;
const SEARCH = ["--solver", "greedy", "--work-limit", "2000"];

/** What is wrong with the answer of a command to a spoilt input; null where it is an answer or one line of error. */
export async function playCommand(kind: CommandKind, seed: number, template: string): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), "phase19-fuzz-"));
  try {
    const { words, input } = await PREPARERS[kind](seed, folder, template);
    const { status, signal, stderr } = spawnSync(
      process.execPath,
      [`--max-old-space-size=${MAX_HEAP_MB}`, COMMAND, ...words],
      { input, encoding: "utf8", timeout: TIME_LIMIT_MS, maxBuffer: 2 ** 28 },
    );
    const isPlain = EXIT_CODES.includes(status) && !/\n\s+at /.test(stderr) && hasOneError(status, stderr);
    return isPlain ? null : `${kind} ${seed}: exit ${status ?? signal}: ${stderr.slice(0, 800)}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The last line of a refusal is the error; lines before it may be notes. */
function hasOneError(status: number | null, stderr: string): boolean {
  return status !== 2 || /^phase19: .+$/m.test(stderr);
}

/** A directory of outputs in which a run has ended: what later runs find. */
export function makeTemplate(): string {
  const folder = mkdtempSync(join(tmpdir(), "phase19-fuzz-"));
  cpSync("fixtures/demo", folder, { recursive: true });
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, "run", "--outputs", folder, ...SEARCH], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the run on the fixture ended with ${status}: ${stderr}`);
  return folder;
}

interface Call {
  readonly words: readonly string[];
  readonly input?: string;
}

const PREPARERS: Readonly<
  Record<CommandKind, (seed: number, folder: string, template: string) => Promise<Call> | Call>
> = {
  solve: (seed) => ({
    words: ["solve", "--strategy", "maximize_success", ...SEARCH, "--problem", "-"],
    input: fuzzedText("document", seed),
  }),
  verify: async (seed, folder) => {
    const { result, problem } = await writeResult(seed, folder, true);
    return { words: ["verify", result, "--problem", problem, "--strategy", QUICK.strategy] };
  },
  evaluate: async (seed, folder) => {
    const { result } = await writeResult(seed, folder, seed % 3 === 0);
    const outcomes = join(folder, "outcomes.jsonl");
    writeFileSync(outcomes, fuzzedText("outcomes", seed));
    return { words: ["evaluate", result, "--outcomes", outcomes, "--outputs", join(folder, "outputs")] };
  },
  run: (seed, folder, template) => {
    cpSync(template, folder, { recursive: true });
    const random = createRandom(seed);
    const files = listFiles(folder);
    for (let k = 1 + random.below(2); k > 0; k--) spoilFile(files[random.below(files.length)]!, random);
    return { words: ["run", "--outputs", folder, ...SEARCH] };
  },
};

async function writeResult(seed: number, folder: string, isSpoilt: boolean) {
  const { document, plan } = await planSmall(seed);
  const result = JSON.parse(JSON.stringify(plan)) as unknown;
  const files = { result: join(folder, "result.json"), problem: join(folder, "wave.json") };
  mkdirSync(join(folder, "outputs"));
  writeFileSync(files.problem, JSON.stringify(document));
  writeFileSync(files.result, JSON.stringify(isSpoilt ? spoil(result, createRandom(seed)) : result));
  return files;
}

/** The first small document from the seed on that can be planned: some draws pin a task to an agent that cannot end it in time. */
async function planSmall(seed: number) {
  for (let draw = seed; ; draw += SEED_STRIDE) {
    const document = smallDocument(draw);
    try {
      return { document, plan: await solve(document, QUICK) };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
}

function listFiles(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}

/** Changes what the file says, or breaks it as bytes: cut off, doubled, with strange bytes in it, or empty. */
function spoilFile(path: string, random: Random): void {
  const text = readFileSync(path, "utf8");
  const choice = random.below(8);
  const at = random.below(text.length + 1);
  if (choice === 0) writeFileSync(path, text.slice(0, at));
  else if (choice === 1) writeFileSync(path, text + text.slice(at));
  else if (choice === 2)
    writeFileSync(path, Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from([0xff, 0, 0x7b])]));
  else if (choice === 3) writeFileSync(path, "");
  else writeFileSync(path, spoilText(text, random));
}

function spoilText(text: string, random: Random): string {
  try {
    return JSON.stringify(spoil(JSON.parse(text), random));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const lines = text.split("\n");
    const at = random.below(lines.length);
    lines[at] = lines[at]!.startsWith("{") ? JSON.stringify(spoil(JSON.parse(lines[at]!), random)) : "{";
    return lines.join("\n");
  }
}
