import { basename, isAbsolute, join, relative, sep } from "node:path";
import { findAllMeant, InputError } from "../../domain/index.js";
import type { LearnedFile } from "../../domain/schemas/index.js";
import { KnownFiles, type ContentFacts } from "./known-content.js";

/** Share of malformed history lines, and their least number, from which on a history is not to be trusted. */
const MAX_SKIPPED_SHARE = 0.05;
const MIN_SKIPPED_TO_STOP = 3;

/** One file that was read to its end. */
export interface FileReport {
  readonly file: string;
  /** What the file is among the phases' files, such as `phase17/execution_outcomes.jsonl`; never a path of the user's. */
  readonly role: string;
  /** Rows that hold, of a JSONL file; 1 of a JSON file. */
  readonly rows: number;
  /** Of these, how many were learned earlier and are not used again; 0 where the file is no history. */
  readonly knownRows: number;
  readonly skipped: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** A history line that broke a rule and was left out. */
export interface SkippedLine {
  /** `file:line`, with the field where there is one. */
  readonly place: string;
  readonly reason: string;
}

/** What the loaders read, missed, left out and did not understand. Nothing of this is silent. */
export interface PhaseReport {
  /** Files that were read, with their hashes and lines. */
  readonly files: readonly FileReport[];
  /** Optional files that are not there, in the order in which they were looked for. */
  readonly absent: readonly string[];
  /** Lines that were skipped, and why. */
  readonly skipped: readonly SkippedLine[];
  /** Lines of all optional JSONL files, skipped ones included. */
  readonly historyLines: number;
  /** file → unknown field → in how many objects. */
  readonly unknownFields: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What a user should hear of: such as unknown fields that were probably meant to be known ones. A sentence each. */
  readonly misspelt: readonly string[];
  /** What was read and not used, a sentence each. */
  readonly notes: readonly string[];
  /** A text of this report that begins with a path, with the path's role in its stead: what is written names no places. */
  readonly byRole: (text: string) => string;
}

/** Where the phases' folders and single files are: [path, role]. */
export interface PhaseRoles {
  readonly folders: readonly (readonly [string, string])[];
  readonly files: readonly (readonly [string, string])[];
}

/** Collects the report while the files are read. */
export class PhaseLedger {
  /** History files that were learned earlier. */
  readonly known: KnownFiles;
  readonly #learnedFiles: LearnedFile[] = [];
  readonly #files: FileReport[] = [];
  readonly #absent: string[] = [];
  readonly #skipped: SkippedLine[] = [];
  readonly #unknownFields = new Map<string, Map<string, number>>();
  readonly #warnings = new Set<string>();
  /** What was probably misspelt: the rest of the sentence → the files, in their order. */
  readonly #misspelt = new Map<string, Set<string>>();
  readonly #notes = new Map<string, number>();
  #historyLines = 0;

  constructor(
    readonly roles: PhaseRoles = { folders: [], files: [] },
    known: readonly LearnedFile[] = [],
    /** Whether rows of files that were learned whole need not be read again. */
    readonly skipsKnown = false,
  ) {
    this.known = new KnownFiles(known);
  }

  /** History files as they are now; empty ones are not among them. */
  get learnedFiles(): readonly LearnedFile[] {
    return this.#learnedFiles;
  }

  /** @param history whether its rows are outcomes, which count once */
  addFile(file: string, counts: Pick<FileReport, "rows" | "skipped">, facts: ContentFacts, history = false): void {
    const role = this.#roleOf(file);
    const knownRows = history ? Math.min(facts.known?.rows ?? 0, counts.rows) : 0;
    const { numBytes: bytes, sha256, headSha256 } = facts;
    this.#files.push({ file, role, ...counts, knownRows, bytes, sha256 });
    if (!history || counts.rows === 0) return;
    this.#learnedFiles.push({ name: role, sha256, bytes, rows: counts.rows, head_sha256: headSha256 });
  }

  /** The innermost folder gives the role; a file of its own place has that of its place. */
  #roleOf(file: string): string {
    const own = this.roles.files.find(([path]) => path === file);
    if (own !== undefined) return own[1];
    let shortest: string | null = null;
    let role = basename(file);
    for (const [folder, name] of this.roles.folders) {
      const inside = relative(folder, file);
      if (inside.startsWith("..") || isAbsolute(inside)) continue;
      if (shortest !== null && inside.length >= shortest.length) continue;
      shortest = inside;
      role = [name, ...inside.split(sep)].join("/");
    }
    return role;
  }

  #byRole(text: string): string {
    const file = this.roles.files.find(([path]) => text === path || text.startsWith(`${path}:`));
    if (file !== undefined) return file[1] + text.slice(file[0].length);
    const folders = this.roles.folders.map(([path, role]) => [join(path, sep), role] as const);
    const inside = folders.filter(([path]) => text.startsWith(path)).sort(([a], [b]) => b.length - a.length);
    const [folder] = inside;
    return folder === undefined ? text : `${folder[1]}/${text.slice(folder[0].length).split(sep).join("/")}`;
  }

  addAbsent(file: string): void {
    this.#absent.push(file);
  }

  addHistoryLine(): void {
    this.#historyLines++;
  }

  addSkipped(error: InputError): void {
    this.#skipped.push({ place: error.place, reason: error.rule });
  }

  /** Counts the fields of an object that its schema does not know. */
  countUnknown(file: string, row: object, shape: object, prefix = ""): void {
    for (const key of Object.keys(row)) {
      if (Object.hasOwn(shape, key)) continue;
      const counts = this.#unknownFields.get(file) ?? new Map<string, number>();
      counts.set(prefix + key, (counts.get(prefix + key) ?? 0) + 1);
      this.#unknownFields.set(file, counts);
      const absent = Object.keys(shape).filter((known) => !Object.hasOwn(row, known));
      this.#addMisspelt(file, `${prefix}${key}`, findAllMeant(key, absent));
    }
  }

  #addMisspelt(file: string, field: string, meant: readonly string[]): void {
    if (meant.length === 0) return;
    const key = JSON.stringify([field, meant.map((word) => `"${word}"`).join(" or ")]);
    const files = this.#misspelt.get(key) ?? new Set<string>();
    this.#misspelt.set(key, files.add(file));
  }

  /** A sentence for each field, however many files have it. */
  #describeMisspelt(): string[] {
    return [...this.#misspelt].map(([key, [first, ...others]]) => {
      const [field, meant] = JSON.parse(key) as [string, string];
      const rest =
        others.length === 0 ? "" : `, here and in ${others.length} more ${others.length === 1 ? "file" : "files"}`;
      return `${first!}: unknown field "${field}" is ignored${rest}; did you mean ${meant}?`;
    });
  }

  /** A sentence that a user should hear. */
  warn(sentence: string): void {
    this.#warnings.add(sentence);
  }

  /** A sentence; the same one again is counted. */
  note(sentence: string): void {
    this.#notes.set(sentence, (this.#notes.get(sentence) ?? 0) + 1);
  }

  /** The report. @throws InputError where more than 5 % of all history lines, and at least 3, were malformed */
  close(): PhaseReport {
    const numSkipped = this.#skipped.length;
    if (numSkipped >= MIN_SKIPPED_TO_STOP && numSkipped > MAX_SKIPPED_SHARE * this.#historyLines) {
      const { place, reason } = this.#skipped[0]!;
      throw new InputError(
        place,
        `${reason} (the first of ${numSkipped} malformed lines among ${this.#historyLines} of history; more than 5 % is too many: repair the files)`,
      );
    }
    return {
      files: this.#files,
      absent: this.#absent,
      skipped: this.#skipped,
      historyLines: this.#historyLines,
      unknownFields: Object.fromEntries(
        [...this.#unknownFields].map(([file, counts]) => [file, Object.fromEntries(counts)]),
      ),
      misspelt: [...this.#warnings, ...this.#describeMisspelt()],
      notes: [...this.#notes].map(([sentence, times]) => (times === 1 ? sentence : `${sentence} (${times} times)`)),
      byRole: (text) => this.#byRole(text),
    };
  }
}
