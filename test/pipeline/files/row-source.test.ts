import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeLine, readLines } from "../../../src/pipeline/files/jsonl.js";
import { messageOf, writeScratch } from "./scratch.js";

const ROWS = [{ a: 1 }, { b: "ä\n[" }, { c: [null] }];
const JSONL = ROWS.map((row) => `${JSON.stringify(row)}\n`).join("");

async function read(content: string | Buffer): Promise<{ rows: unknown[]; places: string[]; sha256: string }> {
  const file = join(writeScratch({ rows: content }), "rows");
  const rows: unknown[] = [];
  const places: string[] = [];
  const { sha256 } = await readLines(file, (line, place) => {
    rows.push(JSON.parse(decodeLine(line, place)));
    places.push(place.slice(file.length));
  });
  return { rows, places, sha256 };
}

describe("rows", () => {
  it.each<[string, string | Buffer]>([
    ["JSONL", JSONL],
    ["gzip", gzipSync(JSONL)],
    ["two gzip members", Buffer.concat([gzipSync(JSONL.slice(0, 9)), gzipSync(JSONL.slice(9))])],
  ])("come from %s with their lines", async (_, content) => {
    const { rows, places } = await read(content);
    expect(rows).toEqual(ROWS);
    expect(places).toEqual([":1", ":2", ":3"]);
  });

  it.each<[string, string | Buffer]>([
    ["an array", JSON.stringify(ROWS)],
    ["an array of many lines, behind a mark", `\uFEFF\n\n ${JSON.stringify(ROWS, null, 2)}\n`],
    ["a packed array", gzipSync(JSON.stringify(ROWS))],
  ])("come from %s with their index, and are the same content as their lines", async (_, content) => {
    const { rows, places, sha256 } = await read(content);
    expect(rows).toEqual(ROWS);
    expect(places).toEqual([":[0]", ":[1]", ":[2]"]);
    expect(sha256).toBe((await read(JSONL)).sha256);
  });

  it("are none in an empty file and in an empty array", async () => {
    for (const content of ["", " \n", "[]", gzipSync("")]) expect((await read(content)).rows).toEqual([]);
  });

  it.each<[string, string | Buffer, string]>([
    ["a gzip file that was cut", gzipSync(JSONL).subarray(0, 30), "rows: is not a whole gzip file; pack it again"],
    ["an array that was cut", "[{}", "is not JSON: unexpected end of the text at"],
    ["something behind an array", "[{}]\n{}", "rows: is not JSON: unexpected"],
  ])("refuse %s", async (_, content, message) => {
    expect(await messageOf(() => read(content))).toContain(message);
  });
});
