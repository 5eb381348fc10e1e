/** A key that one object has twice: the key, and the offset of its second place. */
export interface DuplicateKey {
  readonly key: string;
  readonly offset: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Keys of an object up to which each new one is compared with all before it; more are looked up. */
const MAX_COMPARED = 12;

/** Brackets that are open in the list of tasks, and in a task of it. */
const [LIST_DEPTH, TASK_DEPTH] = [2, 3];

/**
 * The first key that an object of a JSON text has twice; null where there is none. The runtime's own parser takes the last one without a
 * word. Of a text that is not JSON it finds anything, or throws a SyntaxError. O(length): one pass, which compares hashes of keys, and keys only where these agree.
 */
export function findDuplicateKey(text: string): DuplicateKey | null {
  return scanKeys(text).duplicate;
}

/** What one pass over a JSON text finds. */
export interface ScannedKeys {
  readonly duplicate: DuplicateKey | null;
  /** From where to where the objects in the list of the key `tasks` of the document stand: begin and end of the first, of the second … */
  readonly taskSpans: readonly number[];
  /** Whether some key is `__proto__`. */
  readonly hasPrototypeKey: boolean;
}

/** `findDuplicateKey`, and where the tasks of a problem document stand. */
export function scanKeys(text: string): ScannedKeys {
  const keys = new OpenKeys(text);
  let isKeyNext = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // All that matters is a quote, a comma or a bracket; most characters are of numbers.
    if (code === QUOTE) {
      const start = at;
      let hash = 0;
      let hasEscapes = false;
      for (let inner = text.charCodeAt(++at); inner !== QUOTE && at < text.length; inner = text.charCodeAt(++at)) {
        hash = (Math.imul(hash, 31) + inner) | 0;
        if (inner !== BACKSLASH) continue;
        at++;
        hasEscapes = true;
      }
      if (!isKeyNext || at >= text.length) continue;
      isKeyNext = false;
      // An escaped character may stand for one that another key has as it is.
      if (hasEscapes) hash = hashOf(keys.at(start));
      if (!keys.take(start, hash)) {
        return { ...keys.found, duplicate: { key: keys.at(start), offset: start } };
      }
    } else if (code === COMMA) {
      isKeyNext = keys.isInObject();
    } else if (code >= OPEN_LIST) {
      isKeyNext = code === OPEN;
      if (code === OPEN || code === OPEN_LIST) keys.open(code === OPEN, at);
      else if (code === CLOSE || code === CLOSE_LIST) keys.close(at);
    }
  }
  return { ...keys.found, duplicate: null };
}

/** The keys of the objects that are open at one place of the text. */
class OpenKeys {
  /** Of all open objects, one after another; what is beyond `size` is of objects that are closed. */
  private readonly hashes: number[] = [];
  private readonly starts: number[] = [];
  private size = 0;
  /** Of each open bracket: where its keys begin in the lists, −1 for an array. */
  private readonly begins: number[] = [];
  private begin = -1;
  /** Keys of the open objects that have many, by hash, at the depth of the object. */
  private readonly tables: (Map<number, number> | undefined)[] = [];
  readonly found = { taskSpans: [] as number[], hasPrototypeKey: false };
  private isInTasks = false;

  constructor(private readonly text: string) {}

  isInObject(): boolean {
    return this.begin >= 0;
  }

  open(isObject: boolean, at: number): void {
    const depth = this.begins.push(this.begin);
    if (depth === LIST_DEPTH) this.isInTasks = !isObject && this.isLastKey("tasks");
    else if (depth === TASK_DEPTH && this.isInTasks && isObject) this.found.taskSpans.push(at);
    this.begin = isObject ? this.size : -1;
  }

  close(at: number): void {
    if (this.begin >= 0) {
      if (this.begins.length === TASK_DEPTH && this.isInTasks) this.found.taskSpans.push(at + 1);
      if (this.size - this.begin > MAX_COMPARED) this.tables[this.begins.length] = undefined;
      this.size = this.begin;
    }
    this.begin = this.begins.pop()!;
  }

  private isLastKey(key: string): boolean {
    return this.size > 0 && this.at(this.starts[this.size - 1]!) === key;
  }

  /** Takes the key that begins at an offset; false where its object has it already. */
  take(start: number, hash: number): boolean {
    const { begin, size } = this;
    const isKnown = size - begin < MAX_COMPARED ? this.isListed(start, hash) : this.isInTable(start, hash);
    if (isKnown) return false;
    if (hash === PROTOTYPE_HASH && this.at(start) === PROTOTYPE) this.found.hasPrototypeKey = true;
    this.hashes[size] = hash;
    this.starts[size] = start;
    this.size = size + 1;
    return true;
  }

  at(start: number): string {
    let end = start + 1;
    for (; this.text.charCodeAt(end) !== QUOTE; end++) if (this.text.charCodeAt(end) === BACKSLASH) end++;
    return JSON.parse(this.text.slice(start, end + 1)) as string;
  }

  private isListed(start: number, hash: number): boolean {
    const { hashes, size } = this;
    for (let k = this.begin; k < size; k++) {
      if (hashes[k] === hash && this.at(this.starts[k]!) === this.at(start)) return true;
    }
    return false;
  }

  private isInTable(start: number, hash: number): boolean {
    const depth = this.begins.length;
    let table = this.tables[depth];
    if (table === undefined) {
      table = new Map();
      for (let k = this.begin; k < this.size; k++) table.set(this.hashes[k]!, this.starts[k]!);
      this.tables[depth] = table;
    }
    const known = table.get(hash);
    table.set(hash, start);
    return known !== undefined && this.isListed(start, hash);
  }
}

const PROTOTYPE = "__proto__";
const PROTOTYPE_HASH = hashOf(PROTOTYPE);

function hashOf(key: string): number {
  let hash = 0;
  for (let at = 0; at < key.length; at++) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
  return hash;
}
