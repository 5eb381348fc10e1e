import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openOutputDirectory } from "../src/pipeline/files/output-directory.js";
import { afterTheCut } from "../test/support/power-subject.js";
import { checkOutputs } from "../test/support/check-outputs.js";
import { readName } from "./kill-subjects.js";

const IMAGE_BYTES = "64M";

/**
 * `phase19 run` on an ext4 image, which is copied while it runs and after it has ended, as a power cut would leave it; each
 * copy is mounted, repaired by the next start and looked at.
 *
 * @returns what is wrong; nothing, and a line that says so, where no file system may be mounted
 */
export async function cutImages(scratch: string, numCopies: number, random: () => number): Promise<string[]> {
  const image = join(scratch, "disk.img");
  const disk = join(scratch, "disk");
  mkdirSync(disk);
  try {
    execFileSync("truncate", ["-s", IMAGE_BYTES, image]);
    execFileSync("mkfs.ext4", ["-q", image]);
    mount(image, disk);
  } catch (error) {
    console.log(`ext4 image: SKIPPED, none can be mounted here (${String(error).split("\n")[0]})`);
    return [];
  }
  try {
    return await cutMounted(image, disk, scratch, numCopies, random);
  } finally {
    execFileSync("umount", [disk]);
  }
}

async function cutMounted(image: string, disk: string, scratch: string, numCopies: number, random: () => number) {
  const outputs = join(disk, "outputs");
  cpSync("fixtures/demo", outputs, { recursive: true });
  const out = join(outputs, "phase19");
  const faults: string[] = [];
  let runMs = 0;
  let numNew = 0;
  for (let seed = 1; seed <= numCopies; seed++) {
    const before = readName(out);
    const start = performance.now();
    const child = spawn(process.execPath, ["dist/src/faces/cli/main.js", "run", "--outputs", outputs, "--quiet", "--seed", String(seed)], { stdio: "ignore" }); // prettier-ignore
    const ended = once(child, "exit");
    const copy = join(scratch, "copy.img");
    // Every other cut comes right after exit 0: then the new tree must be there.
    const isAfter = runMs === 0 || seed % 2 === 0;
    if (isAfter) await ended;
    else await sleep(runMs * (0.5 + random() / 2));
    // Stopped, so that the copy is of one moment.
    child.kill("SIGSTOP");
    copyFileSync(image, copy);
    child.kill("SIGCONT");
    await ended;
    if (isAfter) runMs = performance.now() - start;
    const found = await lookAt(copy, join(scratch, "copy"));
    if (found.name === readName(out)) numNew++;
    else if (isAfter || found.name !== before)
      faults.push(`ext4 copy ${seed}: ${found.name} in place, before ${before}`);
    faults.push(...found.faults.map((fault) => `ext4 copy ${seed}: ${fault}`));
  }
  console.log(`ext4 image: ${numCopies} copies, ${numNew} with the new tree, ${faults.length} faults`);
  return faults;
}

/** Mounts a copy, lets the next start repair it, and reads what stands there. */
async function lookAt(copy: string, place: string): Promise<{ name: string | null; faults: string[] }> {
  mkdirSync(place, { recursive: true });
  mount(copy, place);
  try {
    const out = join(place, "outputs/phase19");
    await (await openOutputDirectory({ path: out, replace: false, processInfo: afterTheCut() })).close();
    return { name: readName(out), faults: existsSync(out) ? checkOutputs(out) : [] };
  } catch (error) {
    return { name: null, faults: [`the next start fails: ${error instanceof Error ? error.message : String(error)}`] };
  } finally {
    execFileSync("umount", [place]);
  }
}

function mount(image: string, place: string): void {
  execFileSync("mount", ["-o", "loop", image, place], { stdio: ["ignore", "ignore", "pipe"] });
}
