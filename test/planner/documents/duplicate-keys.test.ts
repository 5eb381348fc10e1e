import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findDuplicateKey } from "../../../src/planner/documents/duplicate-keys.js";
import { parseJson } from "../../../src/planner/documents/json.js";

describe("findDuplicateKey", () => {
  it.each([
    ['{"a":1,"b":2,"a":3}', "a"],
    ['[1,{"x":{"y":[{"k":1},{"k":2}],"y":0}}]', "y"],
    ['{ "a" : [ 1 , "a" ] , "\\u0061" : {} }', "a"],
    ['{"\\"":1,"\\"":2}', '"'],
    ['{"":1,"":2}', ""],
    ['{"é😀":1,"é😀":2}', "é😀"],
    // "Aa" and "BB" have the same hash.
    [`{"Aa":1,"BB":1,${Array.from({ length: 30 }, (_, k) => `"k${k}":0`).join()},"BB":2}`, "BB"],
  ])("finds the one in %s", (text, key) => {
    const found = findDuplicateKey(text);
    expect(found?.key).toBe(key);
    expect(text[found!.offset]).toBe('"');
  });

  it("finds none in what JSON.stringify writes, and each that is put into it", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1, maxKeys: 40, noNullPrototype: true }),
        fc.nat(),
        (record, choice) => {
          const text = JSON.stringify([record, record]);
          expect(findDuplicateKey(text)).toBeNull();
          const keys = Object.keys(record);
          const key = keys[choice % keys.length]!;
          const spoilt = text.slice(0, -2) + `,${JSON.stringify(key)}:["\\\\"]}]`;
          expect(findDuplicateKey(spoilt)).toEqual({ key, offset: text.length - 1 });
        },
      ),
    );
  });
});

describe("parseJson", () => {
  it("refuses a key that an object has twice, with its place and the cure", () => {
    const text = '{\n  "tasks": [],\n  "agents": [{ "slots": 1, "slots": 2 }]\n}';
    expect(() => parseJson(text, "wave.json")).toThrow(
      'wave.json: has the key "slots" twice in one object, at line 3, column 28; keep one',
    );
    expect(() => parseJson('{"a":1,"a":1}', "rows.jsonl line 4", "line")).toThrow(
      /"a" twice in one object, at column 8;/,
    );
  });
});
