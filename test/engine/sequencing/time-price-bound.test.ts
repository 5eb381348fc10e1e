import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import type { WindowsCertificate } from "../../../src/engine/sequencing/bound-certificate.js";
import { certifiedBound } from "../../../src/engine/sequencing/check-bound-certificate.js";
import { ContentCover } from "../../../src/engine/sequencing/content-cover.js";
import { rootBound } from "../../../src/engine/sequencing/root-bound.js";
import { SearchRecord } from "../../../src/engine/sequencing/search-record.js";
import { Sequencer } from "../../../src/engine/sequencing/sequencer.js";
import type { SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";
import { TimePriceBound } from "../../../src/engine/sequencing/time-price-bound.js";
import { TimePrices } from "../../../src/engine/sequencing/time-prices.js";
import { TimeWindows } from "../../../src/engine/sequencing/time-windows.js";
import { randomProblem } from "./random-problem.js";

/** Pools and absences, or releases; one or two slots. */
function crowded(seed: number): SequencingProblem {
  const isOdd = seed % 2 === 1;
  const shape = { numTasks: 10, numAgents: isOdd ? 3 : 2, density: 0.1, maxSlots: isOdd ? 1 : 2, maxBusy: 50 };
  return randomProblem(seed, { ...shape, isReal: true, hasReleases: isOdd, hasProfiles: !isOdd });
}

interface Raised {
  readonly problem: SequencingProblem;
  readonly truth: number;
  readonly record: SearchRecord;
  readonly certificates: readonly WindowsCertificate[];
}

/** The bound raised beside a good schedule, most often the best; null where none was found. */
function raise(seed: number, byPricesAlone: boolean): Raised | null {
  const problem = crowded(seed);
  const sequencer = new Sequencer(problem, { seed: 1 });
  sequencer.advance(100_000);
  const { plan, makespanMs: truth } = sequencer.record;
  if (plan === null) return null;
  const certificates: WindowsCertificate[] = [];
  const record = new SearchRecord(problem, {
    onBound: (_, certificate) => void (certificate.kind === "windows" && certificates.push(certificate)),
  });
  record.offerPlan(plan);
  const root = rootBound(problem);
  record.offerBound(root.boundMs, root.certificate);
  const cover = byPricesAlone ? null : ContentCover.of(problem);
  const steps = new TimePriceBound(record, root.prices, cover).run();
  for (let step = 0; step < (byPricesAlone ? 400 : 6_000) && steps.next().done !== true; step++);
  return { problem, truth, record, certificates };
}

const RAISED = Array.from({ length: 20 }, (_, k) => raise((k % 10) + 1, k < 10)).filter((one) => one !== null);

describe("TimePriceBound", () => {
  it("is below the end of every schedule, and proven by its certificates", () => {
    let [numPriced, numCovered] = [0, 0];
    for (const { problem, truth, record, certificates } of RAISED) {
      expect(record.boundMs).toBeLessThanOrEqual(truth * (1 + 1e-9));
      numPriced += certificates.filter(({ pricings }) => pricings.length > 0).length;
      numCovered += certificates.filter(({ taskPrices }) => taskPrices !== undefined).length;
      for (const certificate of certificates) {
        const end = certificate.latestEndMs;
        expect(certifiedBound(problem, certificate)).toBe(end);
      }
    }
    expect(numPriced).toBeGreaterThan(3);
    expect(numCovered).toBeGreaterThan(3);
  });

  it("is not believed of an end that a schedule reaches, nor with prices that do not fit", () => {
    for (const { problem, truth, certificates } of RAISED) {
      const covered = certificates.filter(({ taskPrices }) => taskPrices !== undefined).at(-1);
      if (covered !== undefined) expect(certifiedBound(problem, { ...covered, latestEndMs: truth })).toBe(0);
      const priced = certificates
        .filter(({ pricings, taskPrices }) => pricings.length > 0 && taskPrices === undefined)
        .at(-1);
      if (priced === undefined) continue;
      expect(certifiedBound(problem, { ...priced, latestEndMs: truth })).toBe(0);
      const { timePrices, orderPrices } = priced.pricings[0]!;
      for (const changed of [
        { timePrices: timePrices.subarray(1), orderPrices },
        { timePrices: timePrices.map((price) => -price), orderPrices },
        { timePrices, orderPrices: Float64Array.of(...orderPrices, 0) },
        { timePrices, orderPrices: orderPrices.map(() => -1) },
      ]) {
        const isSame = changed.orderPrices.length === 0 && changed.timePrices === timePrices;
        if (!isSame) expect(certifiedBound(problem, { ...priced, pricings: [changed] })).toBe(0);
      }
      const free = { timePrices: timePrices.map(() => 0), orderPrices: orderPrices.map(() => 0) };
      expect(certifiedBound(problem, { ...priced, pricings: [free] })).toBe(0);
    }
  });

  it("is not believed of prices whose sums are rounding, or beyond all numbers", () => {
    const random = drawingRandom(5);
    const sizes = [1, 1e10, 1e15, 1e20, 1e100, 1e300, 1e308];
    const draw = (length: number): Float64Array =>
      Float64Array.from({ length }, () => random.unit() * sizes[random.below(sizes.length)]!);
    for (const { problem, truth } of RAISED) {
      const numRows = problem.numAgents + (problem.pools?.limit.length ?? 0);
      for (let k = 0; k < 30; k++) {
        const numIntervals = 1 + random.below(12);
        const numOrderPrices = problem.successors.length * numIntervals;
        const orderPrices = k % 2 === 0 ? draw(numOrderPrices) : new Float64Array(numOrderPrices);
        const timePrices =
          k % 3 === 0 ? new Float64Array(numRows * numIntervals).fill(1) : draw(numRows * numIntervals);
        const pricing = { timePrices, orderPrices };
        const latestEndMs = truth * (1 + 1e-9 + random.unit());
        const pricings = [pricing, pricing, pricing];
        expect(certifiedBound(problem, { kind: "windows", latestEndMs, refuted: [], prices: null, pricings })).toBe(0);
      }
    }
  });

  it("checks no more of a certificate than a search keeps", () => {
    const { problem, certificates } = RAISED.find((one) =>
      one.certificates.some(({ pricings }) => pricings.length > 0),
    )!;
    const certificate = certificates.find(({ pricings }) => pricings.length > 0)!;
    expect(certifiedBound(problem, certificate)).toBeGreaterThan(0);
    const [first] = certificate.pricings;
    const free = {
      ...first!,
      timePrices: first!.timePrices.map(() => 0),
      orderPrices: first!.orderPrices.map(() => 0),
    };
    const many = [...Array.from({ length: 100_000 }, () => free), ...certificate.pricings];
    expect(certifiedBound(problem, { ...certificate, pricings: many })).toBe(0);
    const numRows = problem.numAgents + (problem.pools?.limit.length ?? 0);
    const fine = { ...first!, timePrices: new Float64Array(100_000 * numRows).fill(1) };
    expect(certifiedBound(problem, { ...certificate, pricings: [fine, ...certificate.pricings] })).toBe(0);
  });

  it("takes no start of a schedule that ends in time, whatever the prices", () => {
    for (const { problem, record } of RAISED) {
      const { pairOf, startMs, makespanMs } = record.plan!;
      const random = drawingRandom(problem.numTasks);
      const windows = new TimeWindows(problem, null);
      const numRows = problem.numAgents + (problem.pools?.limit.length ?? 0);
      for (let k = 0; k < 20; k++) {
        const prices = new TimePrices(problem, 7, new Float64Array(numRows));
        prices.take({
          timePrices: Float64Array.from({ length: 7 * numRows }, () => random.unit()),
          orderPrices: Float64Array.from({ length: 7 * problem.successors.length }, () => random.unit()),
        });
        windows.open(makespanMs);
        expect(windows.propagate()).toBe(true);
        prices.open(makespanMs);
        expect(prices.excess(windows)).toBeLessThanOrEqual(1e-9);
        prices.narrow(windows);
        pairOf.forEach((pair, task) => {
          expect(windows.isAlive[pair]).toBe(1);
          expect(startMs[task]).toBeGreaterThanOrEqual(windows.earliestStart[pair]! - 1e-6);
          expect(startMs[task]! + problem.busyMs[pair]!).toBeLessThanOrEqual(windows.latestEnd[pair]! + 1e-6);
        });
      }
    }
  });
});
