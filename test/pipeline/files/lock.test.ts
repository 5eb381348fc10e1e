import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { endSuddenly } from "../../../src/domain/index.js";
import { type Lock, tryLock } from "../../../src/pipeline/files/lock.js";
import { describeHolder, holderText, isHeld, newHolder, NOBODY } from "../../../src/pipeline/files/lock-holder.js";
import { type ProcessInfo, thisProcess } from "../../../src/pipeline/files/process-info.js";
import { NOW, processOf } from "./output-trees.js";
import { messageOf, writeScratch } from "./scratch.js";

const fileIn = (files: Record<string, string> = {}): string => join(writeScratch(files), "lock");
async function take(file: string, who: ProcessInfo): Promise<Lock> {
  const lock = await tryLock(file, who, NOW);
  if ("heldBy" in lock) throw new Error(`held by ${lock.heldBy.pid}`);
  return lock;
}

const holder = () => newHolder(processOf(7), "0", NOW);

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

  it("is emptied where its process is ended at once, and left alone once it was let go", async () => {
    const [file, other] = [fileIn(), fileIn()];
    const alive = new Set([1, 2]);
    await take(file, processOf(1, alive));
    await (await take(other, processOf(1, alive))).release();
    const successor = await take(other, processOf(2, alive));
    endSuddenly();
    expect(readFileSync(file, "utf8")).toBe("");
    expect((await take(file, processOf(2, alive))).tookOver).toMatchObject({ pid: 0 });
    writeFileSync(other, holderText(holder()));
    endSuddenly();
    expect(readFileSync(other, "utf8")).toBe(holderText(holder()));
    await successor.release();
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
    expect(lock.tookOver).toBe(NOBODY);
  });

  it("is known to be lost by who held it", async () => {
    const file = fileIn();
    const lock = await take(file, processOf(1));
    await lock.confirm();
    rmSync(file);
    expect(await messageOf(() => lock.confirm())).toContain("was removed or taken by another process");
    // The same process, at the same time by the clock: still another lock.
    const other = await take(file, processOf(1));
    expect(await messageOf(() => lock.confirm())).toContain("was removed or taken by another process");
    await lock.release();
    await other.confirm();
  });

  it("that no process of ours can have left that way is nobody's", async () => {
    const impossible = [0, -1, 0.5, 2 ** 31, 1e300].map((pid) => JSON.stringify({ ...holder(), pid }));
    const torn = ["", "\n", "\0\0\0", "{", '{"pid":', '{"pid":7,"start_tok', "{}", '{"pid":"x"}'];
    for (const text of [...impossible, ...torn]) {
      const file = fileIn({ lock: text });
      const lock = await take(file, processOf(1));
      expect(lock.tookOver).not.toBeNull();
      expect(readdirSync(join(file, ".."))).toEqual(["lock"]);
    }
  });

  it("that is none of ours is left alone", async () => {
    for (const text of ["17", "# yarn lockfile v1\n", '{"packages":[]}', "[]"]) {
      const file = fileIn({ lock: text });
      expect(await messageOf(() => tryLock(file, processOf(1), NOW))).toBe(
        `${file}: is not a lock of ours; remove it if no other run is under way`,
      );
      expect(readdirSync(join(file, ".."))).toEqual(["lock"]);
    }
    const folder = fileIn({ "lock/x": "" });
    expect(await messageOf(() => tryLock(folder, processOf(1), NOW))).toContain("is not a file and no lock of ours");
  });

  it("goes to one of many that find it stale at once, whatever a takeover before has left", async () => {
    for (const files of [{}, { "lock.takeover": "" }]) {
      const file = fileIn();
      const numbers = Array.from({ length: 20 }, (_, k) => k + 10);
      const alive = new Set(numbers);
      await take(file, processOf(1));
      if ("lock.takeover" in files) await take(`${file}.takeover`, processOf(2));
      writeFileSync(`${file}.3-1.tmp`, holderText(newHolder(processOf(3), "1", NOW)));
      writeFileSync(`${file}.4-1.tmp`, '{"pid":4,"star');
      const locks = await Promise.all(numbers.map((pid) => tryLock(file, processOf(pid, alive), NOW)));
      const winners = locks.filter((lock) => "release" in lock);
      expect(winners.length).toBe(1);
      expect(readdirSync(join(file, ".."))).toEqual(["lock"]);
    }
  });
});

describe("whether the holder of a lock may live", () => {
  const us = processOf(1, new Set([1, 7]));
  const gone = processOf(1);
  const of = (changes: Partial<ProcessInfo>) => newHolder({ ...processOf(7), ...changes }, "0", NOW);

  it.each<[story: string, changes: Partial<ProcessInfo>, who: ProcessInfo, expected: boolean]>([
    ["it runs beside us", {}, us, true],
    ["it is gone", {}, gone, false],
    ["it ran before this machine started", { bootId: "boot 0" }, us, false],
    ["it runs on another machine", { bootId: "boot 0", host: "there" }, gone, true],
    ["it runs on another machine that names no boot", { bootId: null, host: "there" }, gone, true],
    ["it names no boot, and is gone here", { bootId: null }, gone, false],
    ["it runs in a container of this machine", { pidNamespace: "pid:[2]", host: "container" }, gone, true],
    ["its container is seen to be gone", { pidNamespace: "pid:[2]" }, { ...gone, mayLiveIn: () => false }, false],
    ["our machine was renamed and it is gone", { host: "there" }, gone, false],
    ["an earlier version names no namespace, and it is gone", { pidNamespace: null }, gone, false],
  ])("%s", (_story, changes, who, expected) => {
    expect(isHeld(of(changes), who)).toBe(expected);
  });

  it("is said with the place it runs at", () => {
    expect(describeHolder(of({}), us)).toBe(`process 7, since ${NOW}`);
    expect(describeHolder(of({ host: "there" }), us)).toBe(`process 7 on there, since ${NOW}`);
    expect(describeHolder(of({ pidNamespace: "pid:[2]" }), us)).toBe(
      `process 7 in another PID namespace, since ${NOW}`,
    );
  });
});

/** Runs a program in a PID namespace of its own; null where the system does not let us. */
function startInNamespace(program: string): ChildProcess | null {
  const words = ["--pid", "--fork", "--kill-child"];
  if (spawnSync("unshare", [...words, "true"]).status !== 0) return null;
  return spawn("unshare", [...words, process.execPath, "-e", program], { stdio: ["ignore", "pipe", "ignore"] });
}

describe("this process", () => {
  it("sees a process of a PID namespace below its own while that runs", async ({ skip }) => {
    const us = thisProcess();
    const child = startInNamespace(
      `console.log(process.pid + " " + require("fs").readlinkSync("/proc/self/ns/pid")); setTimeout(() => {}, 20000)`,
    );
    if (child === null) return skip("no PID namespace can be made here");
    const [line] = (await once(child.stdout!, "data")) as [Buffer];
    const [pid, namespace] = line.toString().trim().split(/ (.*)/) as [string, string];
    expect(namespace).not.toBe(us.pidNamespace);
    expect(us.mayLiveIn(namespace, Number(pid))).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    await sleep(200);
    // From a namespace that is not the first one, it cannot be told.
    const isFirst = us.pidNamespace === "pid:[4026531836]";
    expect(us.mayLiveIn(namespace, Number(pid))).toBe(!isFirst);
  });

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
