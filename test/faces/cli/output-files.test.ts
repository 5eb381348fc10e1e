import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkOutputFiles, writeOutputFile } from "../../../src/faces/cli/output-files.js";
import { PROBLEM_NAMES } from "../../../src/faces/cli/output-kinds.js";
import { InputError } from "../../../src/domain/errors.js";
import { problemSchema } from "../../../src/domain/schemas/problem.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "phase19-out-"));
});
afterEach(() => rm(folder, { recursive: true }));

const out = (path: string) => ({ option: "--out", path, kind: "result" as const });
const saved = (path: string) => ({ option: "--save-problem", path, kind: "problem" as const });

describe("output files are checked before any work", () => {
  it("accepts new files and files that are there, and touches neither", async () => {
    const old = '{"strategy":"mix","termination":"optimal","objective":{},"agent_assignments":{}}';
    await writeFile(join(folder, "old.json"), old);
    await checkOutputFiles([out(join(folder, "old.json")), saved(join(folder, "new.json"))], []);
    expect(await readdir(folder)).toEqual(["old.json"]);
    expect(await readFile(join(folder, "old.json"), "utf8")).toBe(old);
  });

  it("refuses what can never be a file", async () => {
    await mkdir(join(folder, "sub"));
    await writeFile(join(folder, "file"), "");
    await expect(checkOutputFiles([out(join(folder, "sub"))], [])).rejects.toThrow("is not a regular file");
    await expect(checkOutputFiles([out("/dev/null")], [])).rejects.toThrow("is not a regular file");
    await expect(checkOutputFiles([out(join(folder, "no", "r.json"))], [])).rejects.toThrow("there is no folder");
    await expect(checkOutputFiles([out(join(folder, "file", "r"))], [])).rejects.toThrow("is not a folder");
    await expect(checkOutputFiles([out("-")], [])).rejects.toThrow(InputError);
    await expect(checkOutputFiles([out("-")], [])).rejects.toThrow("carries the result anyway");
    const page = { option: "--out", path: "-", kind: "page" as const };
    await expect(checkOutputFiles([page], [])).rejects.toThrow(
      /needs a file; standard output carries what came of the call$/,
    );
  });

  it("refuses two names of one file, and an input as an output", async () => {
    const path = join(folder, "a.json");
    await symlink(folder, join(folder, "link"));
    const twice = [out(path), saved(join(folder, "link", "a.json"))];
    await expect(checkOutputFiles(twice, [])).rejects.toThrow("--save-problem: ");
    await writeFile(path, "input");
    await symlink(path, join(folder, "other.json"));
    await expect(checkOutputFiles([out(join(folder, "other.json"))], [path])).rejects.toThrow(
      "is read by this command",
    );
  });
});

describe("a file that is there is overwritten only by one of its kind", () => {
  const RESULT = '{ "strategy": "mix", "termination": "optimal", "objective": {}, "agent_assignments": {} }';
  const PROBLEM = '{ "agents": [{ "termination": 1 }], "tasks": [] }';
  const COMPARISON = '{ "problem_sha256": "0", "goals": [{ "tasks": 1 }], "plans": [] }';
  const EVENT = '{"event":"run_started","run_id":"r","timestamp":"t"}\n{"event":"run_finished"}';
  const CONTENTS = {
    result: RESULT,
    problem: PROBLEM,
    comparison: COMPARISON,
    events: EVENT,
    page: "<!DOCTYPE html>\n",
  };

  for (const kind of ["result", "problem", "comparison", "events", "page"] as const) {
    it(`a ${kind}`, async () => {
      const path = join(folder, "old");
      for (const [other, content] of Object.entries(CONTENTS)) {
        await writeFile(path, content);
        const checked = checkOutputFiles([{ option: "--out", path, kind }], []);
        if (other === kind) await checked;
        else await expect(checked).rejects.toThrow(/^--out: .*old is there already and is not .*; remove it first/);
        expect(await readFile(path, "utf8")).toBe(content);
      }
    });
  }

  it.each([
    ["result", '{ "strategy": "mix", "termination": "optimal", "objective": {}, "goals": [], "bottleneck": null }'],
    ["result", '{ "wave": 1, "agents": {}, "strategy": "mix", "termination": "optimal", "objective": {} }'],
    ["problem", '{ "schema_version": 1, "same_problem": true, "results": [], "tasks": [], "agents": [] }'],
    ["problem", '{ "phase": 19, "run_id": "r", "tasks": {}, "waves": [] }'],
    ["problem", '{ "version": "2.0.0", "tasks": [] }'],
    ["events", '{"event":"run_opened","schema_version":1,"run_id":"r","at":"t"}'],
  ] as const)("refuses another file of ours, or one that looks like it: a %s over %s", async (kind, content) => {
    const path = join(folder, "old");
    await writeFile(path, content);
    await expect(checkOutputFiles([{ option: "--out", path, kind }], [])).rejects.toThrow("remove it first");
  });

  it("knows every name of a problem", () => {
    expect([...PROBLEM_NAMES].sort()).toEqual(Object.keys(problemSchema.unwrap().shape).sort());
  });

  it.each(["task_id,agent\n", "[]", "null", '"termination"', '{"options":{"termination":1}}'])(
    "refuses %j",
    async (content) => {
      await writeFile(join(folder, "old"), content);
      await expect(checkOutputFiles([out(join(folder, "old"))], [])).rejects.toThrow("is not a result");
    },
  );

  it("accepts an empty file, as mktemp leaves it, and a long document that it knows by its beginning", async () => {
    const path = join(folder, "old");
    for (const content of ["", " \n", `${RESULT.slice(0, -1)},"schedule":[${"1,".repeat(50_000)}`]) {
      await writeFile(path, content);
      await expect(checkOutputFiles([out(path)], [])).resolves.toBeUndefined();
    }
  });
});

describe("writing", () => {
  it("replaces a file whole and leaves nothing beside it", async () => {
    const path = join(folder, "r.json");
    await writeFile(path, "old and longer");
    await writeOutputFile(out(path), "new");
    expect([await readFile(path, "utf8"), await readdir(folder)]).toEqual(["new", ["r.json"]]);
  });

  it("writes what a link leads to, also where nothing is there yet", async () => {
    await symlink("middle", join(folder, "link.json"));
    await symlink("target.json", join(folder, "middle"));
    await writeOutputFile(out(join(folder, "link.json")), "new");
    expect(await readFile(join(folder, "target.json"), "utf8")).toBe("new");
    expect((await readdir(folder)).sort()).toEqual(["link.json", "middle", "target.json"]);
    expect(await readlink(join(folder, "link.json"))).toBe("middle");
  });

  it("says in words what the system objected to", async () => {
    await expect(writeOutputFile(out(join(folder, "no", "r.json")), "x")).rejects.toThrow(
      "cannot be written: no such file or folder",
    );
  });
});
