import { afterAll, describe, expect, it } from "vitest";
import { goalChain, type Instance, STRATEGY_MODELS } from "../../../models/index.js";
import type { Random } from "../../../src/domain/random.js";
import { drawingRandom } from "../../support/drawing-random.js";
import type { InTurnCertificate } from "../../../src/domain/certificates.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { evaluateTimedCertificate } from "../../../src/engine/ordered/evaluate-timed-certificate.js";
import { viewSequencing } from "../../../src/engine/ordered/sequencing-view.js";
import { findRounds } from "../../../src/engine/sequencing/rounds.js";
import { Sequencer } from "../../../src/engine/sequencing/sequencer.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { fillFromPrior, verify } from "../../../src/planner/solve/solve.js";
import { agents, type Document, solveVerified, task } from "../../support/documents.js";
import type { Draft } from "../../support/tampering.js";

afterAll(closeSolvers);

/** Rounds of so many tasks, each after all of the round before, with drawn times on two agents, one of them with two slots. */
function rounds(sizes: readonly number[], random: Random): Document {
  let before: string[] = [];
  const tasks = sizes.flatMap((size, round) => {
    const own = Array.from({ length: size }, (_, k) => ({
      ...task(`t${round}_${k}`, "ab", 5 + random.below(9), { depends_on: before }),
    }));
    before = own.map(({ task_id }) => task_id);
    return own;
  });
  return { agents: agents({}, { slots: 2 }), tasks, options: { load_limit: "none", no_defer: true } };
}

function instanceOf(document: Document): Instance {
  const options = resolveOptions({}, { loadLimit: { kind: "none" }, noDefer: true });
  return buildInstance(fillFromPrior(parseProblem(document, "rounds"), options), options);
}

function randomCertificate({ taskIds }: Instance, sizes: readonly number[], random: Random): InTurnCertificate {
  let first = 0;
  const found = sizes.map((size) => {
    const tasks = taskIds.slice(first, (first += size));
    const kept = random.below(3) === 0 ? tasks.slice(1) : tasks;
    const multipliers = Object.fromEntries(["a", "b"].map((id) => [`makespan[${id}]`, random.unit()]));
    const at_ms = random.below(2) === 0 ? null : random.below(30);
    return { tasks: kept.length === 0 ? tasks : kept, at_ms, multipliers };
  });
  return { kind: "in_turn", rounds: found, multipliers: {}, bound: 0 };
}

describe("rounds in turn", () => {
  it("prove no more than an exhaustive search confirms", () => {
    let numUseful = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const random = drawingRandom(seed);
      const sizes = [1, 1 + random.below(3), 1, 1 + random.below(3)];
      const instance = instanceOf(rounds(sizes, random));
      const { problem } = viewSequencing(instance, { pairOf: "any" });
      const sequencer = new Sequencer(problem, { seed: 1 });
      while (!sequencer.isOver) sequencer.advance(10_000);
      const chain = goalChain(instance, STRATEGY_MODELS.maximize_throughput);
      const none = new Int32Array(instance.numTasks);
      for (let k = 0; k < 20; k++) {
        const certificate = randomCertificate(instance, sizes, random);
        const bound = evaluateTimedCertificate(instance, chain, { agentOf: none, slotOf: none }, certificate);
        if (bound > 0) numUseful += 1;
        expect({ seed, certificate, isTooHigh: bound > sequencer.record.makespanMs + 1e-6 }).toMatchObject({
          isTooHigh: false,
        });
      }
    }
    expect(numUseful).toBeGreaterThan(150);
  });

  it("are planned and proven one by one; verify adds their bounds up and accepts nothing else", async () => {
    const document = rounds([1, 6, 1, 7, 1], drawingRandom(5));
    const options = { strategy: "maximize_throughput", seed: 1, workLimit: 100_000 } as const;
    const result = await solveVerified(document, options);
    expect(result.termination).toBe("optimal");
    expect(result.certificate).toMatchObject({ kind: "in_turn" });
    const tamperings: readonly ((certificate: InTurnCertificate) => unknown)[] = [
      (certificate) => ((certificate as { bound: number }).bound += 1),
      (certificate) => (certificate.rounds as unknown[]).push(certificate.rounds[1]),
      (certificate) => (certificate.rounds as unknown[]).splice(1, 1),
      (certificate) => (certificate.rounds as unknown[]).reverse(),
      (certificate) => (certificate.rounds[1]!.tasks as string[]).push("nobody"),
      (certificate) => (certificate.rounds[1]!.tasks as string[]).push(certificate.rounds[1]!.tasks[0]!),
    ];
    for (const tamper of tamperings) {
      const draft = JSON.parse(JSON.stringify(result)) as Draft;
      tamper(draft.certificate as InTurnCertificate);
      expect(verify(draft, document, options).verdict).toBe("invalid");
    }
  });

  it("are proven where wide ones follow each other, and sequenced where tasks of one wait for each other", async () => {
    const options = { strategy: "maximize_throughput", seed: 1, workLimit: 100_000 } as const;
    const wide = await solveVerified(rounds([6, 7, 6], drawingRandom(7)), options);
    expect(wide.certificate).toMatchObject({ kind: "in_turn" });
    expect(wide.termination).toBe("optimal");
    const document = rounds([6, 6, 7], drawingRandom(8));
    const tasks = document.tasks.map((one) =>
      ["t1_1", "t1_2"].includes(one.task_id) ? { ...one, depends_on: ["t1_0", ...(one.depends_on as string[])] } : one,
    );
    const ordered = await solveVerified({ ...document, tasks }, options);
    expect(ordered.termination).toBe("optimal");
  });

  it("are found only where each task waits for all of the round before", () => {
    const document = rounds([1, 3, 1, 2], drawingRandom(1));
    const found = (of: Document): number[] | null =>
      findRounds(viewSequencing(instanceOf(of), { pairOf: "any" }).problem)?.map(({ tasks }) => tasks.length) ?? null;
    expect(found(document)).toEqual([1, 3, 1, 2]);
    const released = { ...document, tasks: document.tasks.map((one) => ({ ...one, release_ms: 1 })) };
    expect(found(released)).toBeNull();
    expect(found(rounds([3, 2, 4], drawingRandom(1)))).toEqual([3, 2, 4]);
    const depending = (id: string, on: readonly string[]): Document => ({
      ...document,
      tasks: document.tasks.map((one) => (one.task_id === id ? { ...one, depends_on: on } : one)),
    });
    expect(found(depending("t1_1", ["t1_0"]))).toEqual([1, 3, 1, 2]);
    expect(found(depending("t3_1", ["t1_0"]))).toBeNull();
    expect(found(rounds([1, 1, 1], drawingRandom(1)))).toBeNull();
  });
});
