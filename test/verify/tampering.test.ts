import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../../src/domain/errors.js";
import { createRandom } from "../../src/domain/random.js";
import { parseProblem } from "../../src/files/index.js";
import { applyLoadLimit } from "../../src/heuristics/load-limit.js";
import { buildInstance } from "../../src/instance/build-instance.js";
import { closeSolvers, solve, type SolveResult, verify } from "../../src/index.js";
import { fillFromPrior, resolveOptions } from "../../src/optimizer/index.js";
import type { Instance } from "../../models/instance.js";
import { ALL_STRATEGIES, NOW } from "../support/documents.js";
import { randomDocument } from "../support/random-problem.js";
import { CERTIFICATE_TAMPERINGS, OBJECTIVE_TAMPERINGS } from "../support/tamper-objective.js";
import { SCHEDULE_TAMPERINGS } from "../support/tamper-schedule.js";
import { NUMBER_TAMPERINGS, WORD_TAMPERINGS } from "../support/tamper-words.js";
import type { Draft, Tampering } from "../support/tampering.js";

const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  ...OBJECTIVE_TAMPERINGS,
  ...CERTIFICATE_TAMPERINGS,
  ...SCHEDULE_TAMPERINGS,
  ...WORD_TAMPERINGS,
  ...NUMBER_TAMPERINGS,
};

interface Sample {
  readonly document: unknown;
  readonly text: string;
  readonly instance: Instance;
  readonly key: string;
}

const samples: Sample[] = [];
const NUM_DOCUMENTS = 16;
const ROUNDS = 2;

beforeAll(async () => {
  for (let seed = 1; samples.length < NUM_DOCUMENTS * ALL_STRATEGIES.length; seed++) {
    const document = randomDocument({ seed, maxTasks: 8, maxAgents: 3, maxPlans: 1e6 });
    if ((document.tasks as unknown[]).length < 4) continue;
    try {
      const strategies = ALL_STRATEGIES.map((strategy) => addSample(document, seed, strategy));
      await Promise.all(strategies);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
}, 60_000);
afterAll(closeSolvers);

/** Every third result is greedy's, so that there are bounds that are not met. */
async function addSample(document: unknown, seed: number, strategy: (typeof ALL_STRATEGIES)[number]): Promise<void> {
  const call = seed % 3 === 0 ? ({ solver: "greedy", workLimit: 20 } as const) : {};
  const result = await solve(document, { strategy, now: NOW, ...call });
  if (result.objective.value === null) return;
  const problem = parseProblem(document, "problem");
  const options = resolveOptions(problem.options, {});
  const { instance } = applyLoadLimit(buildInstance(fillFromPrior(problem, options), options), options.loadLimit);
  samples.push({ document, text: JSON.stringify(result), instance, key: `seed ${seed}, ${strategy}` });
}

function verdictOf(draft: unknown, document: unknown): { verdict: string; message: string } {
  try {
    return verify(draft, document);
  } catch (error) {
    // The shape itself is refused at the border.
    if (error instanceof InputError) return { verdict: "invalid", message: error.message };
    throw error;
  }
}

describe("verify", () => {
  it("accepts every result of every strategy as it was written", () => {
    const verdicts = new Map<string, number>();
    for (const { document, text, key } of samples) {
      const { verdict, message } = verify(JSON.parse(text), document);
      expect([key, verdict === "invalid" ? message : ""]).toEqual([key, ""]);
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    }
    expect(verdicts.get("proved_optimal")).toBeGreaterThan(20);
    expect(verdicts.get("within")).toBeGreaterThan(10);
  });

  it.each(Object.entries(TAMPERINGS))("tells a false result from a true one: %s", (name, tamper) => {
    const counts = { false: 0, true: 0, undecided: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      for (const [k, { document, text, instance, key }] of samples.entries()) {
        if ((k + round) % 7 !== 0) continue;
        const draft = JSON.parse(text) as Draft;
        const before = JSON.parse(text) as SolveResult;
        const verdict = tamper(draft, { instance, before, random: createRandom(1000 * round + k) });
        if (verdict === null || JSON.stringify(draft) === text) continue;
        counts[verdict] += 1;
        if (verdict === "undecided") continue;
        const report = verdictOf(draft, document);
        const expected = verdict === "false" ? "rejected" : "accepted";
        const found = report.verdict === "invalid" ? "rejected" : "accepted";
        expect({ key, name, round, found, message: report.message }).toMatchObject({ found: expected });
      }
    }
    expect(counts.false + counts.true).toBeGreaterThan(1);
  });
});
