import { afterAll, expect, it } from "vitest";
import { FUZZ_KINDS, playFuzz } from "../../benchmarks/fuzz-inputs.js";
import { closeSolvers } from "../../src/engine/exact/registry.js";

afterAll(closeSolvers);

it.each(FUZZ_KINDS)(
  "answers a spoilt %s with a result or one line",
  async (kind) => {
    const faults: string[] = [];
    for (let seed = 1; seed <= 40; seed++) {
      const fault = await playFuzz(kind, seed);
      if (fault !== null) faults.push(fault);
    }
    expect(faults).toEqual([]);
  },
  60_000,
);
