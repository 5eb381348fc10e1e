import { afterEach, describe, expect, it } from "vitest";
import type { AttemptRecord } from "../../../../src/domain/run.js";
import { createExecutor } from "../../../../src/pipeline/execute/executors/create-executor.js";
import { agentOf, execute, planned } from "../plans.js";
import { startService } from "./answering-service.js";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => void (await Promise.all(closing.splice(0).map((close) => close()))));

async function ask(
  answer: Parameters<typeof startService>[0],
  { address = (url: string): string => url, attemptTimeoutMs = 5_000 } = {},
) {
  const service = await startService(answer);
  closing.push(service.close);
  const executor = (await createExecutor(address(service.url)))!;
  const { tasks } = await execute([planned("t", "a", 0)], [agentOf("a")], executor, {
    ...{ maxRetries: 0, attemptTimeoutMs },
    onFailure: () => ({ kind: "give_up", reason: "one is enough" }),
  });
  const attempt: AttemptRecord = tasks[0]!.attempts[0]!;
  return { attempt, heard: service.heard, name: executor.name };
}

const SUCCESS = { text: JSON.stringify({ status: "success" }) };

describe("a service", () => {
  it("gets the key of the attempt, and gets it again after it was busy, which is no failure", async () => {
    const { attempt, heard } = await ask(
      (_, count) => (count === 1 ? { status: 429, headers: { "retry-after": "1" }, text: "busy" } : SUCCESS),
      { attemptTimeoutMs: 900 },
    );
    expect(attempt).toMatchObject({ succeeded: true, errorMessage: null });
    expect(heard.map(({ headers }) => headers["idempotency-key"])).toEqual(["test:1:t:1", "test:1:t:1"]);
  });

  it.each([
    [422, "task"],
    [400, "task"],
    [500, "agent"],
    [401, "agent"],
    [503, "agent"],
  ])("that says %i has failed, by fault of the %s", async (status, errorKind) => {
    const { attempt } = await ask(() => ({ status, text: "no" }));
    expect(attempt).toMatchObject({ succeeded: false, errorKind, errorMessage: `HTTP ${status}: no` });
  });

  it("that answers without end is cut off", async () => {
    const { attempt } = await ask(() => ({ text: "x".repeat(2_000_000) }));
    expect(attempt).toMatchObject({ succeeded: false, errorKind: "agent", fault: "rubbish" });
    expect(attempt.errorMessage).toMatch(/longer than 1 MiB/);
  });

  it("that answers what is no answer is told from one that is not there", async () => {
    const { attempt } = await ask(() => ({ text: "<html>" }));
    expect(attempt).toMatchObject({ fault: "rubbish", errorMessage: "the answer: is not JSON: <html>" });
  });

  it("that sends us elsewhere is not followed", async () => {
    const { attempt } = await ask(() => ({ status: 307, headers: { location: "http://127.0.0.1:1/" }, text: "" }));
    expect(attempt).toMatchObject({ succeeded: false, errorKind: "agent" });
  });

  it("that is not there is an agent that failed", async () => {
    const executor = (await createExecutor("http://127.0.0.1:9/"))!;
    const { tasks } = await execute([planned("t", "a", 0)], [agentOf("a")], executor, {
      onFailure: () => ({ kind: "give_up", reason: "one is enough" }),
    });
    expect(tasks[0]!.attempts[0]).toMatchObject({ errorKind: "agent", fault: "threw" });
  });

  it("gets the password of its address in a header; no name of ours holds it", async () => {
    const address = (url: string): string => `http:${url.replace("http://", "http://me:s3cret@")}`;
    const { heard, name } = await ask(() => SUCCESS, { address });
    expect(heard[0]!.headers.authorization).toBe(`Basic ${Buffer.from("me:s3cret").toString("base64")}`);
    expect(name).not.toContain("s3cret");
  });
});

describe("--execute", () => {
  it.each([
    ["comand:x", /"comand" is not one of .*command/],
    ["command:", /needs something behind its colon/],
    ["command:a | b", /only a shell/],
    ["http:nowhere", /is not an address/],
    ["http://a%ff:b@127.0.0.1:1/", /^--execute: has a % in its user or password that is no escape/],
    ["queue:redis://a%ff@127.0.0.1:1", /^--execute: has a % in its user/],
    ["queue:http://h", /^--execute: needs the address of a Redis, such as queue:redis:/],
  ])("refuses %j", async (text, message) => {
    await expect(createExecutor(text)).rejects.toThrow(message);
  });
});
