import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeLine, MAX_LINE_BYTES, readLines, splitLines } from "../../../src/pipeline/files/jsonl.js";
import { messageOf, writeScratch } from "./scratch.js";

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function linesOf(text: string, chunkSize = 7): Promise<[number, string][]> {
  const lines: [number, string][] = [];
  for await (const line of splitLines(inChunks(Buffer.from(text), chunkSize), "f")) {
    lines.push([line.lineNumber, decodeLine(line, "f")]);
  }
  return lines;
}

describe("splitLines", () => {
  it("numbers lines as an editor does, whatever the ends of line", async () => {
    expect(await linesOf("\uFEFF1\r\n\n  \n2\n3")).toEqual([
      [1, "1"],
      [4, "2"],
      [5, "3"],
    ]);
    expect(await linesOf("")).toEqual([]);
  });

  it("drops a byte-order mark on the first line only", async () => {
    expect(await linesOf("\uFEFF1\n\uFEFF2\n")).toEqual([
      [1, "1"],
      [2, "\uFEFF2"],
    ]);
  });

  it("gives the same lines whatever the chunks", async () => {
    const line = fc.string({ unit: fc.constantFrom("a", "ä", "😀", '"'), minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 9 }), async (lines, size) => {
        expect(await linesOf(lines.join("\n"), size)).toEqual(lines.map((text, k) => [k + 1, text]));
      }),
    );
  });

  it("stops at a line without end once it has 16 MiB", async () => {
    const chunk = new Uint8Array(65_536).fill(0x61);
    let numPulled = 0;
    async function* endless() {
      yield Buffer.from("{}\n");
      for (;;) {
        numPulled++;
        yield chunk;
      }
    }
    const read = async () => {
      for await (const line of splitLines(endless(), "f.jsonl")) expect(line.lineNumber).toBe(1);
    };
    expect(await messageOf(read)).toBe("f.jsonl:2: the line has more than 16 MiB; one JSON object a line");
    expect(numPulled).toBe(MAX_LINE_BYTES / chunk.length + 1);
  });

  it.each([
    [MAX_LINE_BYTES, "\r\n", true],
    [MAX_LINE_BYTES + 1, "\n", false],
    [MAX_LINE_BYTES + 1, "", false],
  ])("a line of %i bytes before %j: %s", async (numBytes, end, isAccepted) => {
    const bytes = Buffer.concat([Buffer.alloc(numBytes, 0x61), Buffer.from(end)]);
    const read = async () => {
      for await (const line of splitLines(inChunks(bytes, 1 << 20), "f")) expect(line.bytes.length).toBe(numBytes);
      return "accepted";
    };
    if (isAccepted) expect(await read()).toBe("accepted");
    else expect(await messageOf(read)).toMatch(/^f:1: the line has more than 16 MiB/);
  });

  it("reads a file with a line of 17 MiB without holding it", async () => {
    const root = writeScratch({
      "long.jsonl": Buffer.concat([Buffer.from("1\n"), Buffer.alloc(17 * 1024 * 1024, 0x61)]),
    });
    expect(await messageOf(() => readLines(`${root}/long.jsonl`, () => undefined))).toBe(
      `${root}/long.jsonl:2: the line has more than 16 MiB; one JSON object a line`,
    );
  });
});

describe("readLines", () => {
  it("tells places, size and hash", async () => {
    const root = writeScratch({ "a.jsonl": "1\n2" });
    const places: string[] = [];
    const facts = await readLines(`${root}/a.jsonl`, (_line, place) => places.push(place));
    expect(places).toEqual([`${root}/a.jsonl:1`, `${root}/a.jsonl:2`]);
    expect(facts).toEqual({
      numBytes: 3,
      sha256: "b598b3a62a3f7cedb17e66d1cb31d53dffeebaf5c07e2c60d5e31971936fd35e",
      headSha256: "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
      known: null,
    });
  });
});
