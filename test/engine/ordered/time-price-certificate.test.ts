import { describe, expect, it } from "vitest";
import { goalChain, STRATEGY_MODELS } from "../../../models/index.js";
import type { RefutedWindowsCertificate } from "../../../src/domain/certificates.js";
import { evaluateTimedCertificate } from "../../../src/engine/ordered/evaluate-timed-certificate.js";
import { toOrderCertificate } from "../../../src/engine/ordered/order-certificate.js";
import { viewSequencing } from "../../../src/engine/ordered/sequencing-view.js";
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

/** The certificate of the bound that prices of time raise, as a document has it; null where they raise none. */
function pricedCertificate(seed: number) {
  const instance = layers(seed);
  const view = viewSequencing(instance, { pairOf: "any" });
  const sequencer = new Sequencer(view.problem, { seed: 1 });
  sequencer.advance(5_000);
  const record = new SearchRecord(view.problem);
  record.offerPlan(sequencer.record.plan!);
  const root = rootBound(view.problem);
  record.offerBound(root.boundMs, root.certificate);
  const steps = new TimePriceBound(record, root.prices).run();
  for (let step = 0; step < 200 && steps.next().done !== true; step++);
  const certificate = toOrderCertificate(instance, view, record.certificate);
  if (certificate?.kind !== "refuted_windows" || certificate.pricings === undefined) return null;
  return { instance, certificate: JSON.parse(JSON.stringify(certificate)) as RefutedWindowsCertificate };
}

describe("pricings of a document", () => {
  it("prove their bound, which nothing proves without them or where rows differ in length", () => {
    let numProven = 0;
    for (let seed = 1; seed <= 3; seed++) {
      const found = pricedCertificate(seed);
      if (found === null) continue;
      numProven++;
      const { instance, certificate } = found;
      const none = new Int32Array(instance.numTasks);
      const prove = (changed: Partial<RefutedWindowsCertificate>): number =>
        evaluateTimedCertificate(
          instance,
          goalChain(instance, STRATEGY_MODELS.maximize_throughput),
          { agentOf: none, slotOf: none },
          { ...certificate, ...changed },
        );
      expect(prove({})).toBe(certificate.bound);
      expect(prove({ pricings: undefined })).toBe(-Infinity);
      const [first, ...others] = certificate.pricings!;
      const [[row, prices], ...otherRows] = Object.entries(first!.interval_multipliers) as [
        [string, readonly number[]],
        ...[string, readonly number[]][],
      ];
      const unequal = Object.fromEntries([[row, prices.slice(1)], ...otherRows]);
      expect(prove({ pricings: [{ ...first!, interval_multipliers: unequal }, ...others] })).toBe(-Infinity);
    }
    expect(numProven).toBeGreaterThan(0);
  });
});
