import { execFile } from "node:child_process";
import { cp, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A command that ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, whatever its exit code. */
export async function run(folder: string, command: string, ...words: readonly string[]): Promise<Ended> {
  try {
    return { code: 0, ...(await execute(command, words, { cwd: folder, timeout: 300_000 })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout: string; stderr: string };
    return { code: typeof code === "number" ? code : 1, stdout, stderr: stderr === "" ? String(error) : stderr };
  }
}

/** The packed package, installed in a folder of its own, as a stranger has it. */
export async function installPacked(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "phase19-consumer-"));
  const packed = await execute("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: ROOT,
  });
  const [{ filename, size }] = JSON.parse(packed.stdout) as [{ filename: string; size: number }];
  console.log(`packed: ${(size / 1e6).toFixed(2)} MB`);
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  const words = ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", `./${filename}`];
  await execute("npm", words, { cwd: folder });
  await cp(fileURLToPath(new URL("consumer.mjs", import.meta.url)), join(folder, "consumer.mjs"));
  await cp(join(folder, "node_modules/phase19-optimizer/fixtures/demo"), join(folder, "outputs"), { recursive: true });
  return folder;
}
