import { compareIds, EstimateTable, type GivenEstimate, ModelError } from "../../domain/index.js";
import { canonicalJson } from "./canonical-json.js";
import { addEntry, addNumbers, type EstimateShape } from "./estimate-numbers.js";
import { fromEstimate } from "./problem-convert.js";

const FIRST_BYTES = 1 << 16;
/** Longer than any number in JSON. */
const MAX_NUMBER_BYTES = 32;
const [COMMA, CLOSING_BRACKET, OPEN, CLOSE] = [0x2c, 0x5d, 0x7b, 0x7d];

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const labelsOf = (texts: readonly string[]): readonly Uint8Array[] => texts.map(bytesOf);

/** What comes before each number of an estimate, in the order of the keys. */
const VALUES = ['{"confidence_delta":', ',"cost":', ',"duration_ms":'];
const PLANNING = [',"planning":{"retries":', ',"success_probability":'];
const ERRORS = [',"standard_errors":{"confidence_delta":', ',"cost":', ',"duration_ms":'];
const MEAN = [',"mean_duration_ms":'];
const LAST = [',"retries":', ',"success_probability":', '},"success_probability":'];

/** By the shape of an estimate. */
const SHAPES = [0, 1, 2, 3].map((shape) =>
  labelsOf([
    ...VALUES,
    ...(shape >= 2 ? [...PLANNING, '},"retries":'] : [',"retries":']),
    ...ERRORS,
    ...(shape % 2 === 1 ? MEAN : []),
    ...LAST,
  ]),
);

/** Of the longest shape. */
const MAX_NUMBERS = Math.max(...SHAPES.map((labels) => labels.length));

/** The estimates of one task as what their canonical JSON is made of. */
export interface ReadEstimates<Shape extends EstimateShape | null = EstimateShape | null> {
  /** Of the agents, in the order of the text. */
  readonly ids: readonly string[];
  /** By agent; null where a number is missing: no number of that estimate is listed. */
  readonly shapes: readonly Shape[];
  /** Of all agents, in the order of the text. */
  readonly numbers: readonly number[];
}

/** Reads the estimates of tasks, which mostly have the same agents. */
export class EstimateReader {
  #table: EstimateTable | null = null;
  #ids: readonly string[] = [];
  #agentOfId: readonly number[] = [];

  read(estimates: Readonly<Record<string, GivenEstimate>>): ReadEstimates {
    const place = EstimateTable.placeOf(estimates);
    const ids = place === null ? sortedIds(Object.keys(estimates)) : this.#idsOf(place.table);
    const numbers: number[] = [];
    const shapes = ids.map((id, k) =>
      place === null
        ? addNumbers(numbers, estimates[id]!)
        : addEntry(numbers, place.table, place.start + this.#agentOfId[k]!),
    );
    return { ids, shapes, numbers };
  }

  /** The agents of a table in the order of the text; the tasks of a wave share one table. */
  #idsOf(table: EstimateTable): readonly string[] {
    if (table !== this.#table) {
      this.#table = table;
      this.#ids = sortedIds([...table.agentIds]);
      this.#agentOfId = this.#ids.map((id) => table.agentAt(id)!);
    }
    return this.#ids;
  }
}

/**
 * Writes the estimates of tasks as canonical JSON, what `canonicalJson` makes of their document, without building one and without a string for
 * each number: estimates are most of a problem, and hashing them as texts took longer than planning small limits allow.
 */
export class EstimateWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #numbers = Buffer.allocUnsafe(FIRST_BYTES);
  #size = 0;
  readonly #keys = new Map<string, Uint8Array>();
  readonly #reader = new EstimateReader();
  /** Where each number of the estimate written last begins and ends among the bytes, in the order of the text. */
  readonly #begins = new Int32Array(MAX_NUMBERS);
  readonly #ends = new Int32Array(MAX_NUMBERS);

  /** The canonical JSON of the estimates of one task, UTF-8; the next call overwrites it. */
  write(estimates: Readonly<Record<string, GivenEstimate>>): Buffer {
    const read = this.#reader.read(estimates);
    return this.#writeRead(read, (id) => canonicalJson(fromEstimate(estimates[id]!)));
  }

  /** The same of estimates that were read and lack no number. */
  writeWhole(read: ReadEstimates<EstimateShape>): Buffer {
    return this.#writeRead(read, (id) => {
      throw new ModelError(`the estimate of ${id} lacks a number`);
    });
  }

  #writeRead({ ids, shapes, numbers }: ReadEstimates, textOf: (id: string) => string): Buffer {
    this.#keepText(newNumbers(shapes, numbers));
    this.#size = 0;
    this.#addByte(OPEN);
    // Behind the bracket that the new numbers begin with.
    let [from, number] = [1, 0];
    for (let k = 0; k < ids.length; k++) {
      const shape = shapes[k]!;
      if (k > 0) this.#addByte(COMMA);
      this.#add(this.#keyOf(ids[k]!));
      if (shape === null) this.#add(bytesOf(textOf(ids[k]!)));
      else {
        const isLike = isLikeBefore(shapes, k);
        from = isLike ? this.#addAlike(shape, numbers, number, from) : this.#addPlain(shape, from);
        number += SHAPES[shape]!.length;
      }
    }
    this.#addByte(CLOSE);
    return this.#bytes.subarray(0, this.#size);
  }

  /** Numbers as JSON writes them: writing them as one array halves the time. */
  #keepText(numbers: readonly number[]): void {
    const text = JSON.stringify(numbers);
    if (text.length > this.#numbers.length) this.#numbers = Buffer.allocUnsafe(2 * text.length);
    this.#numbers.write(text, "latin1");
  }

  /** Each label with the number behind it, from a place in the new numbers on; the place after the last one. */
  #addPlain(shape: EstimateShape, from: number): number {
    const labels = SHAPES[shape]!;
    let at = from;
    for (let k = 0; k < labels.length; k++) {
      this.#add(labels[k]!);
      at = this.#addNumber(k, at);
    }
    this.#addByte(CLOSE);
    return at;
  }

  /**
   * An estimate of the same shape as the one before, most numbers of which are mostly the same, such as the zeros of standard errors: what lies
   * between two new numbers is copied as it stands. @param number place of its first number
   */
  #addAlike(shape: EstimateShape, numbers: readonly number[], number: number, from: number): number {
    const numNumbers = SHAPES[shape]!.length;
    const begin = this.#begins[0]! - SHAPES[shape]![0]!.length;
    const end = this.#ends[numNumbers - 1]!;
    let [copied, at] = [begin, from];
    for (let k = 0; k < numNumbers; k++) {
      const isSame = Object.is(numbers[number + k], numbers[number + k - numNumbers]);
      const [oldBegin, oldEnd] = [this.#begins[k]!, this.#ends[k]!];
      if (isSame) {
        // It will stand as far behind what is copied next as it did.
        this.#begins[k] = this.#size + oldBegin - copied;
        this.#ends[k] = this.#size + oldEnd - copied;
        continue;
      }
      this.#copy(copied, oldBegin);
      at = this.#addNumber(k, at);
      copied = oldEnd;
    }
    this.#copy(copied, end);
    this.#addByte(CLOSE);
    return at;
  }

  /** The number at a place in the new numbers, as one of an estimate; the place after it. */
  #addNumber(k: number, from: number): number {
    this.#reserve(MAX_NUMBER_BYTES);
    const [bytes, numbers] = [this.#bytes, this.#numbers];
    let [at, size] = [from, this.#size];
    this.#begins[k] = size;
    // Up to the comma or the bracket at the end, both of which are neither digit, sign, point nor e.
    for (let byte = numbers[at]!; byte !== COMMA && byte !== CLOSING_BRACKET; byte = numbers[++at]!)
      bytes[size++] = byte;
    this.#size = this.#ends[k] = size;
    return at + 1;
  }

  /** Bytes that are written already, once more. */
  #copy(begin: number, end: number): void {
    this.#reserve(end - begin);
    this.#bytes.copyWithin(this.#size, begin, end);
    this.#size += end - begin;
  }

  #keyOf(id: string): Uint8Array {
    let key = this.#keys.get(id);
    if (key === undefined) this.#keys.set(id, (key = bytesOf(`${JSON.stringify(id)}:`)));
    return key;
  }

  #add(part: Uint8Array): void {
    this.#reserve(part.length);
    const bytes = this.#bytes;
    let size = this.#size;
    // Parts are short: to copy them byte by byte is faster than to call for it.
    for (let k = 0; k < part.length; k++) bytes[size++] = part[k]!;
    this.#size = size;
  }

  #addByte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#size++] = byte;
  }

  #reserve(numBytes: number): void {
    if (this.#size + numBytes <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(2 * (this.#size + numBytes));
    grown.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = grown;
  }
}

/** Whether the estimate before in the list is of the same shape and lacks no number. */
function isLikeBefore(shapes: readonly (EstimateShape | null)[], k: number): boolean {
  return k > 0 && shapes[k] !== null && shapes[k - 1] === shapes[k];
}

/** The numbers without those of an estimate that are the same in the one before it, where that is of the same shape. */
function newNumbers(shapes: readonly (EstimateShape | null)[], numbers: readonly number[]): readonly number[] {
  const found: number[] = [];
  let number = 0;
  for (const [k, shape] of shapes.entries()) {
    if (shape === null) continue;
    const numNumbers = SHAPES[shape]!.length;
    const isLike = isLikeBefore(shapes, k);
    for (const end = number + numNumbers; number < end; number++) {
      const value = numbers[number]!;
      if (!isLike || !Object.is(value, numbers[number - numNumbers])) found.push(value);
    }
  }
  return found;
}

/** How many numbers an estimate of that shape has. */
export function numbersOfShape(shape: EstimateShape): number {
  return SHAPES[shape]!.length;
}

/** Whether every estimate has all of its numbers. */
export function isWhole(read: ReadEstimates): read is ReadEstimates<EstimateShape> {
  return !read.shapes.includes(null);
}

function sortedIds(ids: string[]): readonly string[] {
  return isAscending(ids) ? ids : ids.sort(compareIds);
}

function isAscending(ids: readonly string[]): boolean {
  for (let k = 1; k < ids.length; k++) if (compareIds(ids[k - 1]!, ids[k]!) > 0) return false;
  return true;
}
