import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolders } from "../../src/domain/index.js";

describe("makeFolders", () => {
  it("makes what is missing, and is content with a folder that is there", async () => {
    const root = await mkdtemp(join(tmpdir(), "folders-"));
    try {
      const path = join(root, "a", "b", "c");
      await makeFolders(path);
      await makeFolders(path);
      expect((await stat(path)).isDirectory()).toBe(true);
      await writeFile(join(root, "file"), "");
      await expect(makeFolders(join(root, "file"))).rejects.toThrow(/EEXIST/);
      await expect(makeFolders(join(root, "file", "below"))).rejects.toThrow(/ENOTDIR/);
    } finally {
      await rm(root, { recursive: true });
    }
  });

  it.runIf(process.platform === "linux")("ends where a file system takes no folders", async () => {
    await expect(makeFolders("/proc/phase19/x")).rejects.toThrow(/ENOENT/);
  });
});
