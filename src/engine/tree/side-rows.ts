/**
 * Rows beside assignment and capacity that a partial assignment must keep: Σ coefficient · x ≤ room, where every coefficient is what a
 * pair takes beyond the least that its task can take in the row, and room is what the least of all tasks leaves. A pair whose
 * coefficient exceeds the room is in no completion.
 */
export interface SideRows {
  readonly room: Float64Array;
  /** Entries of pair p: start[p] … start[p + 1] − 1 of `row` and `coefficient`; only those above 0. */
  readonly start: Int32Array;
  readonly row: Int32Array;
  readonly coefficient: Float64Array;
}

/** The same rows, as they are used up: rooms that shrink and grow again. */
export class SideRooms {
  readonly #room: Float64Array;
  readonly #isTight: Uint8Array;
  #isAnyTight = true;
  /** Entries by row: pairs and their coefficients. */
  readonly #pairStart: Int32Array;
  readonly #pair: Int32Array;
  readonly #coefficient: Float64Array;

  constructor(private readonly rows: SideRows) {
    const { room, row, coefficient, start } = rows;
    this.#room = room.slice();
    this.#isTight = new Uint8Array(room.length).fill(1);
    this.#pairStart = new Int32Array(room.length + 1);
    for (const r of row) this.#pairStart[r + 1]! += 1;
    for (let r = 0; r < room.length; r++) this.#pairStart[r + 1]! += this.#pairStart[r]!;
    this.#pair = new Int32Array(row.length);
    this.#coefficient = new Float64Array(row.length);
    const next = this.#pairStart.slice();
    for (let pair = 0; pair + 1 < start.length; pair++) {
      for (let at = start[pair]!; at < start[pair + 1]!; at++) {
        const to = next[row[at]!]!++;
        this.#pair[to] = pair;
        this.#coefficient[to] = coefficient[at]!;
      }
    }
  }

  /** Takes what a fixed pair uses. */
  take(pair: number): void {
    const { start, row, coefficient } = this.rows;
    for (let at = start[pair]!; at < start[pair + 1]!; at++) {
      const r = row[at]!;
      this.#room[r]! -= coefficient[at]!;
      this.#isTight[r] = 1;
      this.#isAnyTight = true;
    }
  }

  giveBack(pair: number): void {
    const { start, row, coefficient } = this.rows;
    for (let at = start[pair]!; at < start[pair + 1]!; at++) this.#room[row[at]!]! += coefficient[at]!;
  }

  /** Calls `drop` for the pairs that take more than is left, in rows that shrank; ends at once where it says false. */
  forEachMisfit(drop: (pair: number) => boolean): boolean {
    if (!this.#isAnyTight) return true;
    for (let r = 0; r < this.#room.length; r++) {
      if (this.#isTight[r] === 0) continue;
      const room = this.#room[r]!;
      if (room < 0) return false;
      for (let at = this.#pairStart[r]!; at < this.#pairStart[r + 1]!; at++) {
        if (this.#coefficient[at]! > room && !drop(this.#pair[at]!)) return false;
      }
      this.#isTight[r] = 0;
    }
    this.#isAnyTight = false;
    return true;
  }
}
