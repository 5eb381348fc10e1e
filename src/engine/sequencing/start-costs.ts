/** Share of a busy time that may be rounding where a window is just as long. */
const ROUNDING = 1e-12;
/** By how much of the latest end starts that cost too much are left in, so that no rounding takes one too many. */
const MARGIN = 1e-10;

/**
 * What a task costs on an agent by its start: what all time up to its end costs, less what all time up to its start is worth. Both change evenly within
 * an interval, so that one of the starts at which it or its end meets a bound of its window or of an interval is cheapest.
 */
export class StartCosts {
  /** By bound of the intervals, the last one twice: cost of an end and worth of a start there. */
  readonly ofEnd: Float64Array;
  readonly ofStart: Float64Array;
  /** The cheapest start found last, and the first and the last that can be afforded. */
  start = 0;
  first = 0;
  last = 0;
  /** Starts tried so far. */
  numStarts = 0;
  #widthMs = 0;

  constructor(private readonly numIntervals: number) {
    [this.ofEnd, this.ofStart] = [new Float64Array(numIntervals + 2), new Float64Array(numIntervals + 2)];
  }

  open(widthMs: number): void {
    this.#widthMs = widthMs;
  }

  /** The least cost of a start within [from, to − busy], where it is below `known`; leaves the start. O(intervals). */
  leastWithin(from: number, to: number, busy: number, known: number): number {
    const latest = to - busy;
    if (!(latest >= from - ROUNDING * busy)) return known;
    const { ofEnd, ofStart, numIntervals: last } = this;
    const width = this.#widthMs;
    let least = known;
    for (const start of [from, Math.max(from, latest)]) {
      const cost = this.#costAt(start, busy);
      if (cost < least) [least, this.start] = [cost, start];
    }
    const whole = Math.floor(busy / width);
    const rest = busy - whole * width;
    const [firstStart, lastStart] = [Math.floor(from / width) + 1, Math.min(last - whole, Math.floor(latest / width))];
    const part = rest / width;
    for (let k = firstStart; k <= lastStart; k++) {
      const end = ofEnd[k + whole]!;
      const cost = end + part * (ofEnd[k + whole + 1]! - end) - ofStart[k]!;
      if (cost < least) [least, this.start] = [cost, k * width];
    }
    const firstEnd = Math.max(whole + 1, Math.floor((from + busy) / width) + 1);
    const lastEnd = Math.min(last, Math.floor(to / width));
    for (let k = firstEnd; k <= lastEnd; k++) {
      const start = ofStart[k - whole]!;
      const cost = ofEnd[k]! - start + part * (start - ofStart[k - whole - 1]!);
      if (cost < least) [least, this.start] = [cost, k * width - busy];
    }
    this.numStarts += 2 + Math.max(0, lastStart - firstStart) + Math.max(0, lastEnd - firstEnd);
    return least;
  }

  /** Whether a start within [from, to − busy] costs no more than `most`; leaves the first and the last that do. O(intervals). */
  affordWithin(from: number, to: number, busy: number, most: number): boolean {
    const latest = to - busy;
    if (!(latest >= from - ROUNDING * busy)) return false;
    const first = this.#firstAffordable(from, Math.max(from, latest), busy, most, 1);
    if (Number.isNaN(first)) return false;
    this.first = first;
    this.last = this.#firstAffordable(Math.max(from, latest), first, busy, most, -1);
    return true;
  }

  /** The first start on the way from one to another, forward (1) or back (−1), that costs no more than `most`; NaN where none does. */
  #firstAffordable(from: number, to: number, busy: number, most: number, way: 1 | -1): number {
    const width = this.#widthMs;
    let [at, cost] = [from, this.#costAt(from, busy)];
    if (cost <= most) return from;
    let [start, end] =
      way > 0
        ? [Math.floor(from / width) + 1, Math.floor((from + busy) / width) + 1]
        : [Math.ceil(from / width) - 1, Math.ceil((from + busy) / width) - 1];
    while (way * (to - at) > 0) {
      this.numStarts++;
      const next = way * Math.min(way * to, way * start * width, way * (end * width - busy));
      if (way * (start * width - next) <= 0) start += way;
      if (way * (end * width - busy - next) <= 0) end += way;
      const nextCost = this.#costAt(next, busy);
      if (nextCost <= most) {
        const crossing = at + ((cost - most) / (cost - nextCost)) * (next - at);
        const margin = MARGIN * this.numIntervals * width;
        return way * Math.max(way * from, way * crossing - margin);
      }
      [at, cost] = [next, nextCost];
    }
    return NaN;
  }

  #costAt(start: number, busy: number): number {
    return this.#at(this.ofEnd, start + busy) - this.#at(this.ofStart, start);
  }

  #at(values: Float64Array, time: number): number {
    const k = Math.min(this.numIntervals, Math.floor(time / this.#widthMs));
    return values[k]! + (time / this.#widthMs - k) * (values[k + 1]! - values[k]!);
  }
}
