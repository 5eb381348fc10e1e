import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ModelError } from "../../../src/domain/errors.js";
import { SYSTEM_FILES } from "../../../src/pipeline/files/file-functions.js";
import { openOutputDirectory } from "../../../src/pipeline/files/output-directory.js";
import { besides, generationOf, NOW, open, processOf, summaryText, tree, writeTree } from "./output-trees.js";
import { messageOf, writeScratch } from "./scratch.js";

const placeIn = (files: Record<string, string> = {}): string => join(writeScratch(files), "out");
const STAGING = /^\.staging-[0-9a-f]{16}$/;
const full = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

describe("what may be an output directory", () => {
  it("is a new one, parents made, an empty one, or one of ours", async () => {
    const place = join(placeIn(), "deep", "out");
    const first = await open(place);
    expect([first.path, first.previous, first.repairs]).toEqual([place, null, []]);
    expect(await writeTree(first, "a")).toEqual([]);
    await first.close();
    const second = await open(place);
    expect(second.previous?.runId).toBe("a");
    await second.close();
    const empty = placeIn();
    mkdirSync(empty);
    await writeTree(await open(empty), "b");
    expect([generationOf(empty), besides(empty)]).toEqual(["b", [".lock"]]);
  });

  it("is no file, no part of a file, nothing that holds the current folder", async () => {
    const place = placeIn({ out: "text" });
    expect(await messageOf(() => open(place))).toBe(`${place}: is a file; give a folder`);
    const below = join(place, "sub");
    expect(await messageOf(() => open(below))).toBe(
      `${below}: cannot be written: a part of the path is not a folder; check the path`,
    );
    expect(await messageOf(() => open(".."))).toContain("..: holds the current folder");
    expect(await messageOf(() => open("/"))).toContain("holds the current folder");
    expect(await messageOf(() => open(""))).toContain("is an empty path");
  });

  it("is nothing of somebody else's, unless it is to be replaced", async () => {
    for (const files of [{ "out/thesis.txt": "" }, { "out/phase19_summary.json": '{"phase": 18}' }]) {
      const place = placeIn(files);
      expect(await messageOf(() => open(place))).toBe(
        `${place}: holds files and no phase19_summary.json of phase 19; give another folder, or --replace`,
      );
      expect(besides(place)).toEqual([]);
      const directory = await open(place, { replace: true });
      expect(directory.previous).toBeNull();
      await writeTree(directory, "a");
      await directory.close();
      expect([generationOf(place), besides(place)]).toEqual(["a", []]);
    }
  });

  it("is damaged where its summary cannot be read, and says how to go on", async () => {
    for (const text of ["{", '{"phase": 19, "run_id": 5}', ""]) {
      const place = placeIn({ "out/phase19_summary.json": text });
      const message = await messageOf(() => open(place));
      expect(message).toContain(join(place, "phase19_summary.json"));
      expect(message).toContain("give --replace to start without it");
      const directory = await open(place, { replace: true });
      expect(directory.previous).toBeNull();
    }
  });

  it("is of an earlier version where its summary names no run", async () => {
    const place = placeIn({ "out/phase19_summary.json": '{"phase": 19, "waves_optimized": 3}', "out/wave_9/x": "" });
    const directory = await open(place);
    expect(directory.previous).toBeNull();
    await writeTree(directory, "a");
    expect(readdirSync(place)).toEqual(["phase19_summary.json", "wave_1"]);
  });

  it("hands on the state of the run before", async () => {
    const place = placeIn({ ...tree("out", "a"), "out/state_before.json": "{1}", "out/learned_state.json": "{2}" });
    const { previous } = await open(place);
    expect([previous?.stateBefore, previous?.stateAfter]).toEqual(["{1}", "{2}"]);
  });

  it("is what a link leads to, also while a swap has moved that away", async () => {
    const root = writeScratch({ ...tree("real.new", "a"), "elsewhere/file": "" });
    symlinkSync("../real", join(root, "elsewhere", "out"));
    const directory = await open(join(root, "elsewhere", "out"), { replace: true });
    expect([directory.path, generationOf(join(root, "real"))]).toEqual([join(root, "real"), "a"]);
    await writeTree(directory, "b");
    await directory.close();
    expect([readdirSync(join(root, "elsewhere")), readdirSync(root)]).toEqual([
      ["file", "out"],
      ["elsewhere", "real"],
    ]);
    symlinkSync("loop", join(root, "loop"));
    expect(await messageOf(() => open(join(root, "loop")))).toContain("cannot be written: too many links");
  });
});

describe("the lock", () => {
  it("refuses a second run and names the first", async () => {
    const place = placeIn();
    const first = await open(place);
    expect(await messageOf(() => open(place, { processInfo: processOf(2, new Set([1, 2])) }))).toBe(
      `${place}: is being written by process 1, since ${NOW}; wait for it, or remove ${place}.lock if it is gone`,
    );
    await first.close();
    await first.close();
    expect(besides(place)).toEqual([]);
    await (await open(place, { processInfo: processOf(2) })).close();
  });

  it("refuses this very process twice, told by the operating system", async () => {
    const place = placeIn();
    const first = await openOutputDirectory({ path: place, replace: false });
    const message = await messageOf(() => openOutputDirectory({ path: place, replace: false }));
    expect(message).toContain(`is being written by process ${process.pid}, since 20`);
    await first.close();
  });
});

describe("writing", () => {
  it("puts rows, texts and empty files below the place, and nothing there before the commit", async () => {
    const place = placeIn(tree("out", "a"));
    const directory = await open(place);
    await directory.touch("wave_1/a 1/empty.jsonl");
    await directory.appendLines("wave_1/a 1/rows.jsonl", [{ x: 1 }, { y: "é\n" }]);
    await directory.appendLines("wave_1/a 1/rows.jsonl", []);
    await directory.appendLines("wave_1/a 1/rows.jsonl", [[3]]);
    await directory.appendLines("none.jsonl", []);
    expect(generationOf(place)).toBe("a");
    await directory.writeText("phase19_summary.json", summaryText("b"));
    await directory.commit({ partial: false });
    expect(readFileSync(join(place, "wave_1/a 1/rows.jsonl"), "utf8")).toBe('{"x":1}\n{"y":"é\\n"}\n[3]\n');
    expect(readFileSync(join(place, "wave_1/a 1/empty.jsonl"), "utf8")).toBe("");
    expect(readdirSync(place)).toEqual(["none.jsonl", "phase19_summary.json", "wave_1"]);
  });

  it.each(["../x", "/x", "a/../../x", "", ".", "a//b", "a/", "a\\b", "..", "a\0b"])("refuses %j", async (path) => {
    const directory = await open(placeIn());
    await expect(directory.touch(path)).rejects.toThrow(ModelError);
    await directory.close();
  });

  it("refuses rows that JSON would change, and anything after the end", async () => {
    const directory = await open(placeIn());
    await expect(directory.appendLines("r.jsonl", [{ confidence: NaN }])).rejects.toThrow("confidence is NaN");
    await expect(directory.appendLines("r.jsonl", [undefined])).rejects.toThrow("is not JSON");
    await expect(directory.commit({ partial: false })).rejects.toThrow("phase19_summary.json must be written");
    await directory.writeText("phase19_summary.json", summaryText("a", true));
    await expect(directory.commit({ partial: false })).rejects.toThrow("must be written before a commit");
    await directory.discard();
    await directory.discard();
    await expect(directory.touch("x")).rejects.toThrow("takes no more files");
    await expect(directory.commit({ partial: true })).rejects.toThrow("takes no more files");
    await directory.close();
    expect(besides(directory.path)).toEqual([]);
  });
});

describe("an interrupted run", () => {
  it("keeps the tree before beside it until a complete one comes", async () => {
    const place = placeIn(tree("out", "a"));
    const run = async (generation: string, partial: boolean): Promise<unknown> => {
      const directory = await open(place);
      const warnings = await writeTree(directory, generation, partial);
      await directory.close();
      return [warnings, generationOf(place), generationOf(`${place}.previous`)];
    };
    expect(await run("b", true)).toEqual([[], "b", "a"]);
    expect(await run("c", true)).toEqual([[], "c", "a"]);
    expect(await run("d", false)).toEqual([[], "d", null]);
    expect(await run("e", true)).toEqual([[], "e", "d"]);
    expect(besides(place)).toEqual([".previous"]);
  });

  it("replaces an older copy of ours, and none of somebody else's", async () => {
    const place = placeIn({ ...tree("out", "b"), ...tree("out.previous", "a") });
    const directory = await open(place);
    await writeTree(directory, "c", true);
    expect(generationOf(`${place}.previous`)).toBe("b");
    const other = placeIn({ ...tree("out", "b"), "out.previous/thesis.txt": "" });
    expect(await messageOf(() => open(other))).toContain("out.previous: is in the way of an interrupted run");
  });
});

describe("a system that refuses", () => {
  it("leaves the tree before, and no lock, when the disk is full while writing", async () => {
    const place = placeIn(tree("out", "a"));
    const directory = await open(place, { files: { ...SYSTEM_FILES, write: full("ENOSPC"), append: full("ENOSPC") } });
    expect(await messageOf(() => directory.writeText("x.json", "{}"))).toMatch(
      /out\.staging-[0-9a-f]{16}\/x\.json: cannot be written: no space left; make room, or write elsewhere$/,
    );
    expect(await messageOf(() => directory.appendLines("w/x.jsonl", [1]))).toContain("no space left");
    await directory.close();
    expect([generationOf(place), besides(place)]).toEqual(["a", []]);
  });

  it.each([1, 2, 3])("puts everything back where move %i of the swap fails", async (failing) => {
    const place = placeIn(tree("out", "a"));
    let count = 0;
    const move = (from: string, to: string): Promise<void> =>
      ++count === failing ? full("EBUSY")() : SYSTEM_FILES.move(from, to);
    const directory = await open(place, { files: { ...SYSTEM_FILES, move } });
    expect(await messageOf(() => writeTree(directory, "b"))).toBe(
      `${place}: cannot be written: it is in use, perhaps as a mount point`,
    );
    await directory.close();
    expect([generationOf(place), besides(place)]).toEqual(["a", []]);
  });

  it("only warns where what was replaced cannot be removed, and the next run removes it", async () => {
    const place = placeIn(tree("out", "a"));
    const remove = (path: string): Promise<void> =>
      path.includes(".staging-") ? full("EACCES")() : SYSTEM_FILES.remove(path);
    const directory = await open(place, { files: { ...SYSTEM_FILES, remove } });
    const [warning] = await writeTree(directory, "b");
    expect(warning).toContain("permission denied; check the permissions of its folder; the next run does it");
    await directory.close();
    expect([generationOf(place), besides(place)]).toEqual(["b", [".lock", expect.stringMatching(STAGING)]]);
    const next = await open(place, { processInfo: processOf(2, new Set([1, 2])) });
    expect(next.repairs).toEqual([
      expect.stringContaining("which was not finished or not wanted any more, was removed"),
    ]);
    await next.close();
    expect(besides(place)).toEqual([]);
  });

  it("says so at once where the parent may not be written", async () => {
    const place = placeIn();
    expect(await messageOf(() => open(place, { files: { ...SYSTEM_FILES, makeFolder: full("EROFS") } }))).toBe(
      `${place}: cannot be written: the file system is read-only; write elsewhere`,
    );
    expect(besides(place)).toEqual([]);
    expect(await messageOf(() => open("/proc/phase19"))).toMatch(/cannot be written: /);
  });
});

it("writes 50 waves of 20 agents in a few seconds", async () => {
  const place = placeIn();
  const directory = await open(place);
  const rows = Array.from({ length: 5 }, (_, k) => ({ task_id: `t${k}`, confidence: 0.5, reason: "x".repeat(100) }));
  const start = performance.now();
  for (let wave = 1; wave <= 50; wave++) {
    for (let agent = 0; agent < 20; agent++) {
      for (let file = 0; file < 4; file++) await directory.appendLines(`wave_${wave}/a${agent}/f${file}.jsonl`, rows);
    }
  }
  await directory.writeText("phase19_summary.json", summaryText("a"));
  await directory.commit({ partial: false });
  const wallMs = performance.now() - start;
  // Making and flushing 4,000 files takes 2 s on an idle machine.
  expect(wallMs).toBeLessThan(20_000);
});
