import { compareIds, type GivenEstimate, type StandardErrors } from "../../domain/index.js";
import { canonicalJson } from "./canonical-json.js";
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

/** By whether there are planning values, 2, and the error of a mean duration, 1. */
const SHAPES = [0, 1, 2, 3].map((shape) =>
  labelsOf([
    ...VALUES,
    ...(shape >= 2 ? [...PLANNING, '},"retries":'] : [',"retries":']),
    ...ERRORS,
    ...(shape % 2 === 1 ? MEAN : []),
    ...LAST,
  ]),
);

/**
 * Writes the estimates of tasks as canonical JSON, what `canonicalJson` makes of their document, without building one and without a string for
 * each number: estimates are most of a problem, and hashing them as texts took longer than planning small limits allow.
 */
export class EstimateWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #numbers = Buffer.allocUnsafe(FIRST_BYTES);
  #size = 0;
  readonly #keys = new Map<string, Uint8Array>();

  /** The canonical JSON of the estimates of one task, UTF-8; the next call overwrites it. */
  write(estimates: Readonly<Record<string, GivenEstimate>>): Buffer {
    const ids = Object.keys(estimates);
    if (!isAscending(ids)) ids.sort(compareIds);
    this.#readNumbers(estimates, ids);
    this.#size = 0;
    this.#addByte(OPEN);
    // Behind the bracket that the numbers begin with.
    let from = 1;
    for (let k = 0; k < ids.length; k++) {
      const estimate = estimates[ids[k]!]!;
      if (k > 0) this.#addByte(COMMA);
      this.#add(this.#keyOf(ids[k]!));
      if (isPlain(estimate)) from = this.#addPlain(estimate, from);
      else this.#add(bytesOf(canonicalJson(fromEstimate(estimate))));
    }
    this.#addByte(CLOSE);
    return this.#bytes.subarray(0, this.#size);
  }

  /** The numbers of the plain estimates as JSON writes them, in the order of the text: writing them as one array halves the time. */
  #readNumbers(estimates: Readonly<Record<string, GivenEstimate>>, ids: readonly string[]): void {
    const numbers: number[] = [];
    for (const id of ids) {
      const estimate = estimates[id]!;
      if (!isPlain(estimate)) continue;
      const { standardErrors: errors, planning } = estimate;
      numbers.push(estimate.confidenceDelta, estimate.cost, estimate.durationMs);
      if (planning !== undefined) numbers.push(planning.retries, planning.successProbability);
      numbers.push(estimate.retries, errors.confidenceDelta, errors.cost, errors.durationMs);
      if (errors.meanDurationMs !== undefined) numbers.push(errors.meanDurationMs);
      numbers.push(errors.retries, errors.successProbability, estimate.successProbability);
    }
    const text = JSON.stringify(numbers);
    if (text.length > this.#numbers.length) this.#numbers = Buffer.allocUnsafe(2 * text.length);
    this.#numbers.write(text, "latin1");
  }

  /** Each label with the number behind it, from a place in the numbers on; the place after the last one. */
  #addPlain({ planning, standardErrors }: PlainEstimate, from: number): number {
    const labels = SHAPES[(planning === undefined ? 0 : 2) + (standardErrors.meanDurationMs === undefined ? 0 : 1)]!;
    const numbers = this.#numbers;
    let at = from;
    for (const label of labels) {
      this.#add(label);
      this.#reserve(MAX_NUMBER_BYTES);
      const bytes = this.#bytes;
      let size = this.#size;
      // Up to the comma or the bracket at the end, both of which are neither digit, sign, point nor e.
      for (let byte = numbers[at]!; byte !== COMMA && byte !== CLOSING_BRACKET; byte = numbers[++at]!)
        bytes[size++] = byte;
      this.#size = size;
      at++;
    }
    this.#addByte(CLOSE);
    return at;
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

type PlainEstimate = GivenEstimate & StandardErrors & { readonly standardErrors: StandardErrors };

/** Whether every number is given. */
function isPlain(estimate: GivenEstimate): estimate is PlainEstimate {
  const { standardErrors: errors } = estimate;
  return errors !== undefined && isFull(errors) && isFull(estimate);
}

function isFull(numbers: Partial<StandardErrors>): numbers is StandardErrors {
  const { confidenceDelta, cost, durationMs, retries, successProbability } = numbers;
  // The sum of numbers is a number; where one is absent it is not.
  return Number.isFinite(confidenceDelta! + cost! + durationMs! + retries! + successProbability!);
}

function isAscending(ids: readonly string[]): boolean {
  for (let k = 1; k < ids.length; k++) if (compareIds(ids[k - 1]!, ids[k]!) > 0) return false;
  return true;
}
