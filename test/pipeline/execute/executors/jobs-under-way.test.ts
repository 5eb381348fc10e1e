import { expect, it } from "vitest";
import { QUEUE_NAMES } from "../../../../src/pipeline/execute/executors/queue/connect.js";
import { JobsUnderWay } from "../../../../src/pipeline/execute/executors/queue/jobs-under-way.js";

type Redis = Parameters<JobsUnderWay["stopWithdrawn"]>[0];

/** Jobs 1 and 2 of agent a and job 1 of agent b. */
function threeJobs() {
  const jobs = new JobsUnderWay();
  const begun = [jobs.begin("a", "1"), jobs.begin("a", "2"), jobs.begin("b", "1")];
  return { jobs, begun, stopped: () => begun.map(({ interruption }) => interruption.isRaised) };
}

it("stops what is another worker's, of that queue alone", () => {
  const { jobs, begun, stopped } = threeJobs();
  const reasons: unknown[] = [];
  begun[0]!.interruption.listen((reason) => reasons.push(reason));
  jobs.lose("a", ["1", "3"]);
  expect(stopped()).toEqual([true, false, false]);
  expect(reasons).toEqual([new Error("another worker has it by now")]);
});

it("stops what is marked as withdrawn, and asks for no mark of what has ended", async () => {
  const { jobs, begun, stopped } = threeJobs();
  jobs.end(begun[0]!);
  const asked: string[] = [];
  const mget = async (keys: string[]) => {
    asked.push(...keys);
    return keys.map((key) => (key === QUEUE_NAMES.withdrawn("2") ? "1" : null));
  };
  await jobs.stopWithdrawn({ mget } as unknown as Redis);
  expect(stopped()).toEqual([false, true, false]);
  expect(asked).toEqual(["2", "1"].map(QUEUE_NAMES.withdrawn));
});

it("stops everything that has not ended", () => {
  const { jobs, begun, stopped } = threeJobs();
  jobs.end(begun[2]!);
  jobs.stopAll(new Error("told to stop"));
  expect(stopped()).toEqual([true, true, false]);
});
