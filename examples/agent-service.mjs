// Agents as a service: one POST for each attempt. Run it with a port, or 0 for any free one.
//
//   node examples/agent-service.mjs 8080
//   phase19 run --outputs outputs --live --execute http://127.0.0.1:8080/attempt
//
// An attempt that is made again after a crash comes with the same Idempotency-Key: the service answers what it answered then
// and does the work once. While it is full it says 503 with Retry-After, which is waiting and no failure.
import { createServer } from "node:http";

const MOST_AT_ONCE = 8;
const MOST_BYTES = 16 * 1024 * 1024;

/** Answers by key; a service that must survive its own restart keeps them in a database. */
const answers = new Map();
let numRunning = 0;

/** Put what your agents do here. */
async function work(request) {
  const { task, agent_id: agentId } = request;
  return { status: "success", output: `${agentId} did ${task.task_id}`, cost: 0.01 };
}

async function readBody(request) {
  const chunks = [];
  let numBytes = 0;
  for await (const chunk of request) {
    numBytes += chunk.length;
    if (numBytes > MOST_BYTES) throw new Error("the request is too long");
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

const server = createServer(async (request, response) => {
  const reply = (status, body, headers = {}) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  if (request.method !== "POST") return reply(405, { error: "POST an attempt" });
  const key = request.headers["idempotency-key"];
  if (numRunning >= MOST_AT_ONCE && !answers.has(key)) return reply(503, { error: "full" }, { "retry-after": "1" });
  numRunning++;
  try {
    const body = await readBody(request);
    // The promise is kept, not the answer: a second request for the same key waits for the first.
    if (!answers.has(key)) answers.set(key, work(body));
    reply(200, await answers.get(key));
  } catch (error) {
    answers.delete(key);
    reply(500, { error: String(error) });
  } finally {
    numRunning--;
  }
});

server.listen(Number(process.argv[2] ?? 8080), "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
