import { describe, expect, it } from "vitest";
import { goalChain, type Instance, STRATEGY_MODELS } from "../../../models/index.js";
import type {
  PricingMultipliers,
  RefutedWindowsCertificate,
  SequencingCertificate,
} from "../../../src/domain/certificates.js";
import { evaluateTimedCertificate } from "../../../src/engine/ordered/evaluate-timed-certificate.js";
import { toOrderCertificate } from "../../../src/engine/ordered/order-certificate.js";
import { viewSequencing } from "../../../src/engine/ordered/sequencing-view.js";
import type { BoundCertificate } from "../../../src/engine/sequencing/bound-certificate.js";
import { ContentCover } from "../../../src/engine/sequencing/content-cover.js";
import { rootBound } from "../../../src/engine/sequencing/root-bound.js";
import { SearchRecord } from "../../../src/engine/sequencing/search-record.js";
import { Sequencer } from "../../../src/engine/sequencing/sequencer.js";
import { TimePriceBound } from "../../../src/engine/sequencing/time-price-bound.js";
import { dagDocument } from "../../../src/planner/bench/dag-document.js";
import { createNamedRandom } from "../../../src/planner/bench/draw.js";
import { generateDag } from "../../../src/planner/bench/generate-dag.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";

const STRATEGY = { strategy: "maximize_throughput" } as const;

function layers(seed: number) {
  const dag = generateDag("layers", { numTasks: 15, numAgents: 3 }, 1, createNamedRandom("layers", seed));
  const parsed = parseProblem(dagDocument(dag, { options: STRATEGY }), "layers");
  const options = resolveOptions(parsed.options, STRATEGY);
  return buildInstance(fillFromPrior(parsed, options), options);
}

/** Certificates of the bounds that prices and contents of slots raise, as a document has them. */
function raisedCertificates(seed: number, byPricesAlone: boolean) {
  const instance = layers(seed);
  const view = viewSequencing(instance, { pairOf: "any" });
  const sequencer = new Sequencer(view.problem, { seed: 1 });
  sequencer.advance(5_000);
  const found: BoundCertificate[] = [];
  const record = new SearchRecord(view.problem, { onBound: (_, certificate) => void found.push(certificate) });
  record.offerPlan(sequencer.record.plan!);
  const root = rootBound(view.problem);
  record.offerBound(root.boundMs, root.certificate);
  const cover = byPricesAlone ? null : ContentCover.of(view.problem);
  const steps = new TimePriceBound(record, root.prices, cover).run();
  for (let step = 0; step < (byPricesAlone ? 200 : 4_000) && steps.next().done !== true; step++);
  const certificates = found.map((one) => toOrderCertificate(instance, view, one));
  const asStated = JSON.parse(JSON.stringify(certificates)) as (SequencingCertificate | null)[];
  return { instance, certificates: asStated.filter((one) => one?.kind === "refuted_windows") };
}

function boundOf(instance: Instance, certificate: RefutedWindowsCertificate): number {
  const none = new Int32Array(instance.numTasks);
  const chain = goalChain(instance, STRATEGY_MODELS.maximize_throughput);
  return evaluateTimedCertificate(instance, chain, { agentOf: none, slotOf: none }, certificate);
}

const RAISED = [1, 2, 3].flatMap((seed) => [raisedCertificates(seed, true), raisedCertificates(seed, false)]);

describe("pricings of a document", () => {
  it("prove their bound, which nothing proves without them or where rows differ in length", () => {
    let numProven = 0;
    for (const { instance, certificates } of RAISED) {
      const certificate = certificates.filter(({ pricings }) => pricings !== undefined).at(-1);
      if (certificate === undefined) continue;
      numProven++;
      const prove = (changed: Partial<RefutedWindowsCertificate>): number =>
        boundOf(instance, { ...certificate, ...changed });
      expect(prove({})).toBe(certificate.bound);
      expect(prove({ pricings: undefined })).toBe(-Infinity);
      const [first, ...others] = certificate.pricings!;
      const [[row, prices], ...otherRows] = Object.entries(first!.interval_multipliers) as [
        [string, readonly number[]],
        ...[string, readonly number[]][],
      ];
      const unequal = Object.fromEntries([[row, prices.slice(1)], ...otherRows]);
      expect(prove({ pricings: [{ ...first!, interval_multipliers: unequal }, ...others] })).toBe(-Infinity);
      const [[dependency, ownPrices]] = Object.entries(first!.order_multipliers) as [
        [string, PricingMultipliers["order_multipliers"][string]],
      ];
      for (const interval of [prices.length, -1, 0.5]) {
        const beyond = { ...first!.order_multipliers, [dependency]: [...ownPrices, { interval, price: 1 }] };
        expect(prove({ pricings: [{ ...first!, order_multipliers: beyond }, ...others] })).toBe(-Infinity);
      }
    }
    expect(numProven).toBeGreaterThan(0);
  });
});

describe("multipliers of tasks in a document", () => {
  it("prove their bound, which nothing proves without them or at another end", () => {
    let numProven = 0;
    for (const { instance, certificates } of RAISED) {
      const certificate = certificates.filter(({ task_multipliers }) => task_multipliers !== undefined).at(-1);
      if (certificate === undefined) continue;
      numProven++;
      expect(boundOf(instance, certificate)).toBe(certificate.bound);
      expect(boundOf(instance, { ...certificate, task_multipliers: undefined })).toBe(-Infinity);
      expect(boundOf(instance, { ...certificate, at_ms: 1.1 * certificate.at_ms })).toBe(-Infinity);
    }
    expect(numProven).toBeGreaterThan(0);
  });
});
