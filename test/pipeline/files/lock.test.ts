import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Lock, tryLock } from "../../../src/pipeline/files/lock.js";
import { type ProcessInfo, thisProcess } from "../../../src/pipeline/files/process-info.js";
import { NOW, processOf } from "./output-trees.js";
import { messageOf, writeScratch } from "./scratch.js";

const fileIn = (files: Record<string, string> = {}): string => join(writeScratch(files), "lock");
async function take(file: string, who: ProcessInfo): Promise<Lock> {
  const lock = await tryLock(file, who, NOW);
  if ("heldBy" in lock) throw new Error(`held by ${lock.heldBy.pid}`);
  return lock;
}

describe("a lock", () => {
  it("is held by one process at a time and leaves nothing behind", async () => {
    const file = fileIn();
    const both = new Set([1, 2]);
    const lock = await take(file, processOf(1, both));
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ pid: 1, start_token: "start of 1", since: NOW });
    expect(await tryLock(file, processOf(2, both), NOW)).toMatchObject({ heldBy: { pid: 1 } });
    await lock.release();
    const second = await take(file, processOf(2, both));
    // Released long ago: it must not take the file of its successor away.
    await lock.release();
    expect(existsSync(file)).toBe(true);
    await second.release();
    expect(readdirSync(join(file, ".."))).toEqual([]);
  });

  it("is taken over from a process that is gone, also one whose number lives on", async () => {
    const file = fileIn();
    await take(file, processOf(1));
    const reused: ProcessInfo = { ...processOf(2), isAlive: (pid, token) => pid === 1 && token === "start of another" };
    const lock = await take(file, reused);
    expect(lock.tookOver?.pid).toBe(1);
    expect(readdirSync(join(file, ".."))).toEqual(["lock"]);
  });

  it("tells the next holder that something was left, even by a process that lives", async () => {
    const file = fileIn();
    const alive = new Set([1, 2]);
    await (await take(file, processOf(1, alive))).release(true);
    const lock = await take(file, processOf(2, alive));
    expect(lock.tookOver).toMatchObject({ pid: 1, released: true });
  });

  it("of another machine is never taken over", async () => {
    const file = fileIn();
    await take(file, { ...processOf(1), host: "there" });
    expect(await tryLock(file, processOf(2), NOW)).toMatchObject({ heldBy: { host: "there" } });
  });

  it("that is none of ours is left alone", async () => {
    for (const text of ["", "{}", "17"]) {
      const file = fileIn({ lock: text });
      expect(await messageOf(() => tryLock(file, processOf(1), NOW))).toBe(
        `${file}: is not a lock of ours; remove it if no other run is under way`,
      );
      expect(readdirSync(join(file, ".."))).toEqual(["lock"]);
    }
  });

  it("goes to one of many that find it stale at once, whatever a takeover before has left", async () => {
    for (const files of [{}, { "lock.takeover": "" }]) {
      const file = fileIn();
      const numbers = Array.from({ length: 20 }, (_, k) => k + 10);
      const alive = new Set(numbers);
      await take(file, processOf(1));
      if ("lock.takeover" in files) await take(`${file}.takeover`, processOf(2));
      writeFileSync(`${file}.3-1.tmp`, "left by a process that is gone");
      const locks = await Promise.all(numbers.map((pid) => tryLock(file, processOf(pid, alive), NOW)));
      const winners = locks.filter((lock) => "release" in lock);
      expect(winners.length).toBe(1);
      expect(readdirSync(join(file, ".."))).toEqual(["lock"]);
    }
  });
});

describe("this process", () => {
  it("is alive, a child only while it runs, another start of the same number not", async () => {
    const us = thisProcess();
    expect(us.isAlive(us.pid, us.startToken)).toBe(true);
    expect(us.isAlive(us.pid, null)).toBe(true);
    if (us.startToken !== null) expect(us.isAlive(us.pid, "another start")).toBe(false);
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 20000)"]);
    await once(child, "spawn");
    expect(us.isAlive(child.pid!, null)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(us.isAlive(child.pid!, null)).toBe(false);
  });
});
