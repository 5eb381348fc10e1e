import { describe, expect, it } from "vitest";
import type { WaveRecord } from "../../../src/domain/run.js";
import { checkRecord } from "../../../src/pipeline/measure/check-record.js";
import { forecastOf } from "../learn/records.js";
import { fullWave } from "./full-wave.js";

type Part = Record<string, unknown>;

/** What a record may lack: nobody who measures reads it. */
const OPTIONAL =
  /^(?:gate\.0\.(?:wave|confidence|approval|reason)|deferrals\.0\.(?:wavesWaited|hold)|forecast\.(?:confidenceDelta|retries|throughputPerS)|result\.error|tasks\.0\.attempts\.0\.(?:errorKind|cost|output)|result\.options\.weights\..*)$/;

/** The fields of a record, those of its first rows among them, as paths. */
function fieldsOf(part: unknown, path = ""): string[] {
  if (typeof part !== "object" || part === null || part instanceof Float64Array) return [];
  const keys = Array.isArray(part) ? (part.length > 0 && typeof part[0] === "object" ? ["0"] : []) : Object.keys(part);
  return keys.flatMap((key) => [
    ...(Array.isArray(part) ? [] : [`${path}${key}`]),
    ...fieldsOf((part as Part)[key], `${path}${key}.`),
  ]);
}

/** A copy without that field. */
function without(record: WaveRecord, path: string): WaveRecord {
  const copy = structuredClone(record);
  const keys = path.split(".");
  const last = keys.pop()!;
  const owner = keys.reduce<Part>((part, key) => part[key] as Part, copy as unknown as Part);
  delete owner[last];
  return copy;
}

describe("a record that somebody else made", () => {
  const record = fullWave({ forecast: forecastOf(8), baseline: { name: "greedy" } as WaveRecord["baseline"] });
  const fields = fieldsOf(record);

  it("is taken whole", () => {
    expect(() => checkRecord(structuredClone(record))).not.toThrow();
    expect(fields.length).toBeGreaterThan(70);
  });

  it("is refused by its path where a field is missing", () => {
    const taken = fields.filter((path) => {
      try {
        checkRecord(without(record, path));
        return true;
      } catch (error) {
        const shown = path.replace(/\.0/g, "[0]");
        expect([path, (error as Error).message]).toEqual([path, expect.stringContaining(shown)]);
        return false;
      }
    });
    expect(taken.filter((path) => !OPTIONAL.test(path))).toEqual([]);
  });

  it("is looked through once", () => {
    const copy: { wave: number } & WaveRecord = structuredClone(record);
    checkRecord(copy);
    copy.wave = -1;
    expect(() => checkRecord(copy)).not.toThrow();
  });
});
