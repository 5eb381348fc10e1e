/** The process of one run: loads runner and instance, warms the runner up, says that it begins, solves, says what came of it. */
import type { ArrayProblem, BenchInstance } from "../../src/planner/bench/bench-instance.js";
import { densePairs, throughputProblem } from "../../src/planner/bench/dense-problems.js";
import { toDocument } from "../../src/planner/bench/to-document.js";
import { listPublicCases } from "../instances/public-cases.js";
import type { ChildMessage, PeerJob } from "./messages.js";
import type { RunnerModule } from "./runner.js";

const WARM_UP_MS = 2_000;

process.once("message", (job: PeerJob) => {
  run(job)
    .catch((error: unknown) =>
      send({ kind: "failed", message: error instanceof Error ? error.message : String(error) }),
    )
    .then(
      () => process.exit(0),
      () => process.exit(1),
    );
});

async function run(job: PeerJob): Promise<void> {
  const { load } = (await import(job.runnerUrl)) as RunnerModule;
  const runner = await load();
  const { version } = runner;
  const instance = await loadInstance(job);
  if (!runner.supports(instance)) return send({ kind: "unsupported", version });
  // The first solve of a WebAssembly or native package pays for compiling it; what is measured is solving.
  await runner.solve(warmUpInstance(), WARM_UP_MS, job.seed);
  await send({ kind: "begins", version });
  const sinceMs = performance.now();
  const answer = await runner.solve(instance, job.limitMs, job.seed);
  const wallMs = performance.now() - sinceMs;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  await send({ kind: "answered", answer, wallMs, peakMb, audit: runner.audit?.() ?? null });
}

async function loadInstance({ suite, name, instancesDir }: PeerJob): Promise<BenchInstance> {
  const cases = await listPublicCases({ suites: [suite], only: `${suite}/${name}` }, instancesDir);
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no instance ${suite}/${name}`);
  return found.load();
}

/** Two tasks, two agents. */
function warmUpInstance(): BenchInstance {
  const arrays: ArrayProblem = throughputProblem({ ...densePairs(2, 2), use: Float64Array.of(1, 2, 2, 1) });
  const document = toDocument(arrays);
  return { suite: "rcmax", name: "warm-up", kind: "document", sense: "min", bestKnown: 2, document, arrays };
}

/** Resolves once the message has been handed over: the process ends soon after the last one. */
function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send!(message, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}
