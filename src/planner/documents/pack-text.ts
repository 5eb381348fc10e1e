import type { FullProblem } from "../../domain/index.js";
import { EstimateReader, EstimateWriter, isWhole } from "./canonical-estimates.js";
import type { PackedText } from "./packed-text.js";
import { canonicalPieces } from "./problem-sha256.js";

const FIRST_SIZE = 1 << 16;

/** Gathers the text of a problem in slices. */
export function* packSteps(problem: FullProblem): Generator<void, PackedText> {
  const [reader, writer] = [new EstimateReader(), new EstimateWriter()];
  const [texts, ids]: [string[], (readonly string[])[]] = [[], []];
  const shapes = new NumberList((size) => new Uint8Array(size));
  const numbers = new NumberList((size) => new Float64Array(size));
  let text = "";
  for (const piece of canonicalPieces(problem)) {
    if (typeof piece === "string") {
      text += piece;
      continue;
    }
    const read = reader.read(piece);
    if (isWhole(read)) {
      texts.push(text);
      text = "";
      ids.push(sameAsBefore(ids.at(-1), read.ids));
      shapes.add(read.shapes);
      numbers.add(read.numbers);
    } else text += writer.write(piece).toString();
    yield;
  }
  texts.push(text);
  return { texts, ids, shapes: shapes.whole(), numbers: numbers.whole() };
}

/** Numbers behind one another. A plain array of a million is copied several times before a thread has it. */
class NumberList<List extends Uint8Array | Float64Array> {
  #list: List;
  #size = 0;

  constructor(private readonly make: (size: number) => List) {
    this.#list = make(FIRST_SIZE);
  }

  add(more: readonly number[]): void {
    if (this.#size + more.length > this.#list.length) {
      const grown = this.make(2 * (this.#size + more.length));
      grown.set(this.#list);
      this.#list = grown;
    }
    this.#list.set(more, this.#size);
    this.#size += more.length;
  }

  whole(): List {
    return this.#list.slice(0, this.#size) as List;
  }
}

function sameAsBefore(before: readonly string[] | undefined, ids: readonly string[]): readonly string[] {
  const isSame = before?.length === ids.length && before.every((id, k) => id === ids[k]);
  return isSame ? before : ids;
}
