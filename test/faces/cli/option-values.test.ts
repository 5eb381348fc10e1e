import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readInstant, readInteger, readList, readNumber, readText } from "../../../src/faces/cli/option-values.js";

describe("numbers", () => {
  it("reads back every number it is given in its range", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (value) => {
        expect(readNumber(0, 1)(String(value), "--gap")).toBe(value);
      }),
    );
  });

  it.each(["NaN", "Infinity", "1e999", "-0.1", "1.1", "", " ", "0x1", "1_0", "1,5", "5%", "one"])(
    "refuses %j",
    (text) => {
      expect(() => readNumber(0, 1)(text, "--gap")).toThrow(`--gap: "${text}" is not a number from 0 to 1`);
    },
  );

  it.each(["1.5", "-1", "1e999", "9007199254740993", "NaN", ""])("refuses %j as a whole number", (text) => {
    expect(() => readInteger(0)(text, "--wave")).toThrow(`--wave: "${text}" is not a whole number of at least 0`);
  });

  it("keeps to its bounds", () => {
    expect([readInteger(1, 3)("1", "-"), readInteger(1, 3)("3", "-"), readInteger(0)("1e3", "-")]).toEqual([
      1, 3, 1000,
    ]);
    expect(() => readInteger(1, 3)("4", "--n")).toThrow("from 1 to 3");
    expect(() => readInteger(1, 3)("0", "--n")).toThrow("from 1 to 3");
  });
});

describe("lists and texts", () => {
  it("reads ids between commas", () => {
    expect(readList("a, b,agent_2", "--agents")).toEqual(["a", "b", "agent_2"]);
  });

  it.each(["", "a,,b", ",", "a,", "a,b,a"])("refuses %j as a list", (text) => {
    expect(() => readList(text, "--agents")).toThrow(/^--agents: /);
  });

  it.each(["", "a\0b"])("refuses %j as a text", (text) => {
    expect(() => readText(text, "--out")).toThrow(/^--out: /);
  });
});

describe("instants", () => {
  it("reads back every instant as ISO-8601", () => {
    const years = { min: new Date("1970-01-01"), max: new Date("9999-01-01"), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(years), (date) => {
        expect(readInstant(date.toISOString(), "--now")).toBe(date.getTime());
      }),
    );
  });

  it.each([
    "2026-02-30T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-01T25:00:00Z",
    "2026-01-01",
    "2026-01-01T00:00:00",
    "now",
    "1767225600000",
    "",
  ])("refuses %j, which is no instant or another one on another machine", (text) => {
    expect(() => readInstant(text, "--now")).toThrow(`--now: "${text}" is not an instant`);
  });
});
