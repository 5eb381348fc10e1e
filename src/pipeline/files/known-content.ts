import { createHash, type Hash } from "node:crypto";
import type { LearnedFile } from "../../domain/schemas/index.js";

const NEWLINE = 0x0a;

/** What a file is, by its content. */
export interface ContentFacts {
  readonly numBytes: number;
  readonly sha256: string;
  /** Of the first line without its newline. */
  readonly headSha256: string;
  /** The longest known file this one is or begins with, null where there is none. */
  readonly known: LearnedFile | null;
}

/** Files learned earlier, found by their first line. */
export class KnownFiles {
  readonly #byHead = new Map<string, LearnedFile[]>();
  readonly #sizes: ReadonlySet<number>;

  constructor(files: readonly LearnedFile[]) {
    this.#sizes = new Set(files.map(({ bytes }) => bytes));
    const ascending = [...files].sort((a, b) => a.bytes - b.bytes);
    for (const file of ascending) {
      const sameHead = this.#byHead.get(file.head_sha256);
      if (sameHead === undefined) this.#byHead.set(file.head_sha256, [file]);
      else sameHead.push(file);
    }
  }

  /** Whether one of them has this many bytes. */
  hasSize(numBytes: number): boolean {
    return this.#sizes.has(numBytes);
  }

  /** Ascending by size. */
  withHead(headSha256: string): readonly LearnedFile[] {
    return this.#byHead.get(headSha256) ?? [];
  }
}

/** Hashes a file as its bytes come by, and recognises a known file that it is or that it began as. One pass, O(bytes). */
export class ContentTracker {
  readonly #hash = createHash("sha256");
  readonly #head: Hash = createHash("sha256");
  #headSha256: string | null = null;
  #candidates: readonly LearnedFile[] = [];
  #next = 0;
  #numBytes = 0;
  #known: LearnedFile | null = null;

  constructor(readonly files: KnownFiles) {}

  update(chunk: Uint8Array): void {
    if (this.#headSha256 === null) {
      const end = chunk.indexOf(NEWLINE);
      this.#head.update(end === -1 ? chunk : chunk.subarray(0, end));
      if (end !== -1) this.#closeHead();
    }
    let taken = 0;
    for (let file = this.#candidate(); file !== undefined; file = this.#candidate()) {
      const end = file.bytes - this.#numBytes;
      if (end > chunk.length - taken) break;
      this.#take(chunk.subarray(taken, taken + end));
      taken += end;
      this.#compare(file);
    }
    this.#take(chunk.subarray(taken));
  }

  close(): ContentFacts {
    if (this.#headSha256 === null) {
      this.#closeHead();
      for (let file = this.#candidate(); file !== undefined; file = this.#candidate()) {
        if (file.bytes > this.#numBytes) break;
        this.#compare(file);
      }
    }
    return {
      numBytes: this.#numBytes,
      sha256: this.#hash.digest("hex"),
      headSha256: this.#headSha256!,
      known: this.#known,
    };
  }

  /** The smallest candidate that is still ahead; one shorter than its own first line is nonsense and passed over. */
  #candidate(): LearnedFile | undefined {
    while ((this.#candidates[this.#next]?.bytes ?? Infinity) < this.#numBytes) this.#next++;
    return this.#candidates[this.#next];
  }

  #closeHead(): void {
    this.#headSha256 = this.#head.digest("hex");
    this.#candidates = this.files.withHead(this.#headSha256);
  }

  #take(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#numBytes += bytes.length;
  }

  #compare(file: LearnedFile): void {
    this.#next++;
    if (this.#hash.copy().digest("hex") === file.sha256) this.#known = file;
  }
}

/** The facts of a file that was read as a whole. */
export function contentOf(bytes: Uint8Array, files: KnownFiles): ContentFacts {
  const tracker = new ContentTracker(files);
  tracker.update(bytes);
  return tracker.close();
}

/**
 * The facts of a file that is a known one to the last byte, found by its hash without reading a row; null of any other.
 *
 * @param chunks its bytes. O(bytes) where a known file has the same size, else O(1)
 */
export async function recognise(
  numBytes: number,
  chunks: () => AsyncIterable<Uint8Array>,
  files: KnownFiles,
): Promise<ContentFacts | null> {
  if (!files.hasSize(numBytes)) return null;
  const tracker = new ContentTracker(files);
  for await (const chunk of chunks()) tracker.update(chunk);
  const facts = tracker.close();
  return facts.known?.bytes === facts.numBytes ? facts : null;
}
