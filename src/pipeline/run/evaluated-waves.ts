import { createHash } from "node:crypto";
import { join } from "node:path";
import { InputError, type WaveForecast, type WaveRecord } from "../../domain/index.js";
import { check, type EvaluatedWaveRow, evaluatedWaveSchema, type LearnedFile } from "../../domain/schemas/index.js";
import type { PhaseReport } from "../files/phase-report.js";
import { decodeUtf8, isPresent, parseJson, readFileBytes } from "../../planner/index.js";
import type { RealWave } from "./real-wave.js";

export const EVALUATED_FILE = "evaluated_waves.jsonl";

/** A wave as `evaluate` took it in. */
export interface EvaluatedWave {
  readonly wave: RealWave;
  /** Tasks whose outcomes the state before the first wave had not learned. */
  readonly freshIds: ReadonlySet<string>;
  /** The outcome files as they were. */
  readonly learnedFiles: readonly LearnedFile[];
  /** What was read for it; places are roles. */
  readonly report: StoredReport;
}

type StoredReport = Omit<PhaseReport, "byRole">;

/** Row of `evaluated_waves.jsonl`, from which `readEvaluatedWaves` makes the same wave again. */
export function evaluatedWaveRow({ wave, freshIds, learnedFiles, report }: EvaluatedWave): EvaluatedWaveRow {
  const { forecast, ...record } = wave.record;
  const content = JSON.stringify({
    ...{ record, agents: wave.agents, tasks: wave.tasks, report },
    forecast: forecast && Object.fromEntries(Object.entries(forecast).map(([name, values]) => [name, encode(values)])),
  });
  return {
    format: "phase19-evaluated-wave",
    schema_version: 1,
    wave: record.wave,
    fresh_task_ids: [...freshIds].sort(),
    files: learnedFiles.map((file) => ({ ...file })),
    content,
    content_sha256: sha256Of(content),
  };
}

/**
 * The waves that stand in an evaluated tree, ascending; none where the tree was not made by `evaluate`.
 *
 * @throws InputError `file:line` where a row is damaged or of another version
 */
export async function readEvaluatedWaves(directory: string): Promise<EvaluatedWave[]> {
  const file = join(directory, EVALUATED_FILE);
  if (!(await isPresent(file))) return [];
  const lines = decodeUtf8(await readFileBytes(file), file)
    .split("\n")
    .slice(0, -1);
  return lines
    .map((line, k) => readRow(line, `${file}:${k + 1}`))
    .sort((a, b) => a.wave.record.wave - b.wave.record.wave);
}

/** A report without the user's places. */
export function storedReport({ byRole, ...report }: PhaseReport): StoredReport {
  return {
    ...report,
    files: report.files.map((file) => ({ ...file, file: file.role })),
    absent: report.absent.map(byRole),
    misspelt: report.misspelt.map(byRole),
    skipped: report.skipped.map(({ place, reason }) => ({ place: byRole(place), reason })),
    unknownFields: Object.fromEntries(
      Object.entries(report.unknownFields).map(([file, counts]) => [byRole(file), counts]),
    ),
    notes: report.notes.map(byRole),
  };
}

/** What was read for all waves: a file, a gap and a note that several calls met count once. */
export function mergeReports(reports: readonly StoredReport[]): PhaseReport {
  const files = new Map(
    reports.flatMap((report) => report.files).map((file) => [`${file.role} ${file.sha256}`, file] as const),
  );
  const roles = new Set([...files.values()].map(({ role }) => role));
  const skipped = new Map(
    reports.flatMap((report) => report.skipped).map((line) => [JSON.stringify(line), line] as const),
  );
  return {
    files: [...files.values()],
    absent: [...new Set(reports.flatMap(({ absent }) => absent))].filter((role) => !roles.has(role)),
    skipped: [...skipped.values()],
    historyLines: reports.reduce((sum, { historyLines }) => sum + historyLines, 0),
    unknownFields: Object.assign(
      {},
      ...reports.map(({ unknownFields }) => unknownFields),
    ) as StoredReport["unknownFields"],
    misspelt: [...new Set(reports.flatMap(({ misspelt }) => misspelt))],
    notes: [...new Set(reports.flatMap(({ notes }) => notes))],
    byRole: (text) => text,
  };
}

/** The content was written by this program and is as it was written, so its shape needs no second check. */
interface Content extends Pick<RealWave, "agents" | "tasks"> {
  readonly record: Omit<WaveRecord, "forecast">;
  readonly forecast: Readonly<Record<keyof WaveForecast, string>> | null;
  readonly report: StoredReport;
}

function readRow(line: string, place: string): EvaluatedWave {
  const row = check<EvaluatedWaveRow>(evaluatedWaveSchema, parseJson(line, place), place);
  if (sha256Of(row.content) !== row.content_sha256) {
    throw new InputError(place, "is not what evaluate wrote; evaluate the waves again into another folder with --out");
  }
  const { record, forecast, agents, tasks, report } = JSON.parse(row.content) as Content;
  return {
    wave: { record: { ...record, forecast: forecast && decodeForecast(forecast) }, agents, tasks },
    freshIds: new Set(row.fresh_task_ids),
    learnedFiles: row.files,
    report,
  };
}

function decodeForecast(forecast: NonNullable<Content["forecast"]>): WaveForecast {
  return {
    successRate: decode(forecast.successRate),
    makespanMs: decode(forecast.makespanMs),
    confidenceDelta: decode(forecast.confidenceDelta),
    retries: decode(forecast.retries),
    throughputPerS: decode(forecast.throughputPerS),
  };
}

/** Bytes in place of decimals: exact, short, and JSON has no infinity. */
function encode(values: Float64Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}

function decode(text: string): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return new Float64Array(bytes.buffer);
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
