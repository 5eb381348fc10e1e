import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findSyntaxFault } from "../../../src/planner/documents/json-syntax.js";
import { parseJson } from "../../../src/planner/documents/json.js";
import { collectBytes, decodeUtf8, readFileBytes } from "../../../src/planner/documents/read.js";
import { messageOf, writeScratch } from "../../pipeline/files/scratch.js";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("findSyntaxFault", () => {
  it("agrees with the runtime's parser on what is JSON", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      '"a"',
      '"\\u00e9"',
      '"\\x"',
      "1",
      "-0",
      "01",
      "1e5",
      "1.",
      "true",
      "nul",
      " ",
      "\n",
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
      fc.json(),
    );
    fc.assert(
      fc.property(text, (candidate) => {
        expect(findSyntaxFault(candidate) === null).toBe(isJson(candidate));
      }),
      { numRuns: 3_000 },
    );
  });

  it("points at the first character a correct text cannot have", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.nat(), (text, at) => {
        const offset = at % (text.length + 1);
        const fault = findSyntaxFault(`${text.slice(0, offset)}\u0001${text.slice(offset)}`);
        expect(fault?.offset).toBeLessThanOrEqual(offset);
      }),
    );
  });
});

describe("parseJson", () => {
  it.each([
    ['{"a": NaN}', "f: is not JSON: unexpected NaN at line 1, column 7; numbers must be finite"],
    ['{\n "a": -Infinity}', "f: is not JSON: unexpected -Infinity at line 2, column 7; numbers must be finite"],
    ['{"a": 1,}', "f: is not JSON: unexpected } at line 1, column 9"],
    ["[1,\n2", "f: is not JSON: unexpected end of the text at line 2, column 2"],
    ['["abc', "f: is not JSON: unexpected end of the text inside a string at line 1, column 6"],
    ["{a: 1}", "f: is not JSON: unexpected a at line 1, column 2"],
    [
      "task_id,agent_id\nt1,a1\n",
      "f: is not JSON: unexpected task_id at line 1, column 1; it looks like CSV: convert it to JSON first",
    ],
    [
      '"task_id";"agent_id"\n',
      "f: is not JSON: unexpected ; at line 1, column 10; it looks like CSV: convert it to JSON first",
    ],
    [
      "agents:\n  - agent_id: a",
      "f: is not JSON: unexpected agents at line 1, column 1; it looks like YAML: convert it to JSON first",
    ],
    [
      "<!doctype html>",
      "f: is not JSON: unexpected <!doctype at line 1, column 1; it looks like HTML or XML: convert it to JSON first",
    ],
    [
      "{'tasks': []}",
      "f: is not JSON: unexpected 'tasks' at line 1, column 2; JSON puts names and texts between double quotes",
    ],
    ["// a\n{}", "f: is not JSON: unexpected // at line 1, column 1; JSON has no comments: leave them out"],
    [
      '{"a": 1, # b\n"c": 2}',
      "f: is not JSON: unexpected # at line 1, column 10; JSON has no comments: leave them out",
    ],
    ['{\0"\0', "f: is not JSON: unexpected \0 at line 1, column 2; it looks like UTF-16: save it as UTF-8"],
    ["1 2", "f: is not JSON: unexpected 2 at line 1, column 3"],
    ["  \n", "f: is empty; give a JSON document"],
    ['{"__proto__": 1}', 'f: "__proto__" is a reserved word; use another name'],
    ['{"\\u005f_proto__": 1}', 'f: "__proto__" is a reserved word; use another name'],
  ])("%j", async (text, message) => {
    expect(await messageOf(() => parseJson(text, "f"))).toBe(message);
  });

  it("says of a line that looks like CSV that each row becomes an object", async () => {
    expect(await messageOf(() => parseJson("task_id,risk_level", "t.csv:1", "line"))).toBe(
      "t.csv:1: is not JSON: unexpected task_id at column 1; it looks like CSV: convert it to one JSON object per line first",
    );
  });

  it("survives a text nested a million deep, whole or cut", async () => {
    const depth = 1_000_000;
    expect(await messageOf(() => parseJson("[".repeat(depth), "f"))).toMatch(/is not JSON: unexpected end of the text/);
    expect(await messageOf(() => parseJson(`${"[".repeat(depth)}{"__proto__":1}${"]".repeat(depth)}`, "f"))).toMatch(
      /^f: /,
    );
  });
});

describe("reading", () => {
  const readJson = async (file: string) => parseJson(decodeUtf8(await readFileBytes(file), file), file);

  it("drops a byte-order mark and keeps every other character", async () => {
    const root = writeScratch({ "a.json": '\uFEFF{"ä":"😀"}' });
    expect(await readJson(`${root}/a.json`)).toEqual({ ä: "😀" });
  });

  it.each([
    ["missing.json", /missing\.json: does not exist; check the path$/],
    ["file/below", /file\/below: does not exist: a part of its path is a file; check the path$/],
    ["folder", /folder: is a directory; give a file$/],
    ["nul\0", /is not a path; check the path$/],
    ["packed.json", /packed\.json: is compressed with gzip; unpack it first$/],
    ["latin1.json", /latin1\.json: is not UTF-8; save it as UTF-8$/],
  ])("refuses %j", async (name, message) => {
    const root = writeScratch({
      file: "1",
      "folder/x": "",
      "latin1.json": Buffer.from([0x22, 0xe4, 0x22]),
      "packed.json": gzipSync("1"),
    });
    expect(await messageOf(() => readJson(`${root}/${name}`))).toMatch(message);
  });

  it("refuses more bytes than the limit, from a file or a stream, and no fewer", async () => {
    const root = writeScratch({ five: "12345" });
    expect(decodeUtf8(await readFileBytes(`${root}/five`, 5), "five")).toBe("12345");
    expect(await messageOf(() => readFileBytes(`${root}/five`, 4))).toMatch(/five: is larger than 0\.000004 MB/);
    let numPulled = 0;
    async function* endless() {
      for (;;) {
        numPulled++;
        yield new Uint8Array(1_000);
      }
    }
    expect(await messageOf(() => collectBytes(endless(), "standard input", { limitBytes: 10_000 }))).toMatch(
      /^standard input: is larger/,
    );
    expect(numPulled).toBe(11);
  });
});
