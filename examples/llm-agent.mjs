// An agent that asks a language model, as a command. Any service with OpenAI's chat completions will do:
//
//   PHASE19_LLM_URL=https://api.example/v1 PHASE19_LLM_KEY=… PHASE19_LLM_MODEL=… \
//     phase19 run --outputs outputs --live --execute "command:node examples/llm-agent.mjs"
//
// A command sees only what begins with PHASE19_ of our environment, so the key has such a name. `examples/llm-stub.mjs` answers
// without a key. A model that is busy or broken is the agent's fault, so another one is asked; a prompt that it refuses is the task's.
const { PHASE19_LLM_URL: url, PHASE19_LLM_KEY: key, PHASE19_LLM_MODEL: model = "stub" } = process.env;
/** What 1,000 tokens cost, in the currency of your budget. */
const COST_PER_1000_TOKENS = 0.002;

async function readRequest() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

async function work({ task, idempotency_key, timeout_ms }) {
  const response = await fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "idempotency-key": idempotency_key,
      ...(key && { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ model, messages: [{ role: "user", content: String(task.prompt ?? task.task_id) }] }),
    signal: AbortSignal.timeout(timeout_ms),
  });
  const text = await response.text();
  if (!response.ok) {
    const isTask = response.status === 400 || response.status === 422;
    return {
      ...{ status: "failed", error_kind: isTask ? "task" : "agent", retryable: !isTask },
      error_message: `HTTP ${response.status}: ${text}`,
    };
  }
  const { choices, usage } = JSON.parse(text);
  const cost = ((usage?.total_tokens ?? 0) / 1000) * COST_PER_1000_TOKENS;
  return { status: "success", output: choices[0].message.content, cost };
}

const request = await readRequest();
const answer = await work(request).catch((error) => ({
  ...{ status: "failed", error_kind: "agent", error_message: `${error.message} ${error.cause?.message ?? ""}`.trim() },
}));
console.log(JSON.stringify(answer));
