import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tryLock } from "../../../src/pipeline/files/lock.js";
import { besides, dyingFiles, generationOf, NOW, open, processOf, tree, writeTree } from "./output-trees.js";
import { writeScratch } from "./scratch.js";

/** A run by process 7, which dies in the middle of its n-th change of the file system; false where it came to its end. */
async function runUntilKilled(place: string, generation: string, partial: boolean, n: number): Promise<boolean> {
  try {
    const directory = await open(place, { files: dyingFiles(n), processInfo: processOf(7) });
    await writeTree(directory, generation, partial);
    await directory.close();
    return false;
  } catch (error) {
    if (error instanceof Error && error.message.includes("killed")) return true;
    throw error;
  }
}

const survivor = processOf(8, new Set([8]));

const STORIES: [
  story: string,
  before: Record<string, string>,
  partial: boolean,
  kept: string | null,
  after: string | null,
][] = [
  ["the first run", {}, false, null, null],
  ["a run over a complete tree", tree("out", "a"), false, null, null],
  ["an interrupted first run", {}, true, null, null],
  ["an interrupted run over a complete tree", tree("out", "a"), true, null, "a"],
  [
    "an interrupted run over an interrupted one",
    { ...tree("out", "b", true), ...tree("out.previous", "a") },
    true,
    "a",
    "a",
  ],
  ["a run over an interrupted one", { ...tree("out", "b", true), ...tree("out.previous", "a") }, false, "a", null],
];

describe.each(STORIES)("killed at any change: %s", (_story, before, partial, keptBefore, keptAfter) => {
  it("leaves the tree before or the new one, whole, and the next start clears up", async () => {
    const changes: string[] = [];
    for (let n = 1; ; n++) {
      const place = join(writeScratch({ ...before, "other/file": "" }), "out");
      const old = generationOf(place);
      if (!(await runUntilKilled(place, "c", partial, n))) break;
      const next = await open(place, { processInfo: survivor });
      const now = generationOf(place);
      expect([old, "c"]).toContain(now);
      expect(next.previous?.runId ?? null).toBe(now);
      const kept = generationOf(`${place}.previous`);
      // A complete tree may come into place before what it ended is removed: that waits for the next commit.
      expect(now === "c" ? [keptAfter, keptBefore] : [keptBefore]).toContain(kept);
      await next.close();
      expect(besides(place)).toEqual(kept === null ? [] : [".previous"]);
      expect((await open(place)).repairs).toEqual([]);
      changes.push(now ?? "nothing");
    }
    // Both sides of the swap have been seen, and once the new tree is in place it stays.
    expect(changes).toContain("c");
    expect(changes.lastIndexOf("c")).toBe(changes.length - 1);
    expect(changes.slice(changes.indexOf("c"))).toEqual(changes.filter((now) => now === "c"));
  });
});

describe("a start after a kill", () => {
  const staging = "out.staging-0123456789abcdef";
  const names = ["out", staging, "out.new", "out.old"] as const;
  /** Every set of trees that could stand there; the expected one is the newest complete one. */
  const states = Array.from({ length: 16 }, (_, bits) => names.filter((_name, k) => (bits & (1 << k)) !== 0));

  it.each(states.map((state) => [state.join(" ") || "nothing", state] as const))("finds %s", async (_name, state) => {
    const files = Object.assign({}, ...state.map((name) => tree(name, `of-${name}`))) as Record<string, string>;
    const place = join(writeScratch({ ...files, "other/file": "" }), "out");
    const dead = await tryLock(`${place}.lock`, processOf(7), NOW);
    expect(dead).toHaveProperty("release");
    const directory = await open(place, { processInfo: survivor });
    const expected = ["out.new", "out", "out.old"].find((name) => (state as readonly string[]).includes(name));
    expect(generationOf(place)).toBe(expected === undefined ? null : `of-${expected}`);
    expect(directory.repairs.length).toBe(
      [
        state.includes(staging),
        state.includes("out.new"),
        state.includes("out.old") && !state.includes("out.new"),
      ].filter(Boolean).length,
    );
    await directory.close();
    expect(besides(place)).toEqual([]);
  });

  it("takes nobody's copy for its own", async () => {
    const place = join(writeScratch({ ...tree("out", "a"), ...tree("out.old", "kept by hand") }), "out");
    await expect(open(place)).rejects.toThrow(`${place}.old: is in the way and no killed run left it`);
    expect([generationOf(place), generationOf(`${place}.old`)]).toEqual(["a", "kept by hand"]);
    expect(besides(place)).toEqual([".old"]);
    const directory = await open(place, { replace: true });
    expect(directory.repairs).toEqual([`${place}.old, which had been replaced, was cleared away`]);
  });

  it("is repeated where it was killed itself", async () => {
    for (let n = 1; ; n++) {
      const files = { ...tree("out", "a"), ...tree("out.new", "b", true), ...tree("out.previous", "z") };
      const place = join(writeScratch(files), "out");
      await tryLock(`${place}.lock`, processOf(6), NOW);
      const isKilled = await open(place, { files: dyingFiles(n), processInfo: processOf(7) }).then(
        () => false,
        () => true,
      );
      // Killed where it dies, the lock has not been let go: another process finds it.
      await open(place, { processInfo: survivor });
      expect([generationOf(place), generationOf(`${place}.previous`)]).toEqual(["b", "a"]);
      if (isKilled) continue;
      expect(n).toBeGreaterThan(7);
      return;
    }
  });
});
