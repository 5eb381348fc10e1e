// A stand-in for a language model: speaks OpenAI's chat completions, needs no key, and answers what it was asked, backwards.
//
//   node examples/llm-stub.mjs 8081
//   PHASE19_LLM_URL=http://127.0.0.1:8081/v1 phase19 run --outputs outputs --live --execute "command:node examples/llm-agent.mjs"
import { createServer } from "node:http";

const words = (text) => text.split(/\s+/).filter(Boolean).length;

const server = createServer(async (request, response) => {
  const reply = (status, body) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  if (request.url !== "/v1/chat/completions") return reply(404, { error: { message: "POST /v1/chat/completions" } });
  let asked;
  try {
    const { model, messages } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    asked = { model, prompt: messages.at(-1).content };
  } catch {
    return reply(400, { error: { message: "this is no chat" } });
  }
  if (asked.prompt.includes("forbidden")) return reply(400, { error: { message: "the prompt is refused" } });
  const content = [...asked.prompt].reverse().join("");
  const [prompt_tokens, completion_tokens] = [words(asked.prompt), words(content)];
  reply(200, {
    ...{ id: "stub", object: "chat.completion", model: asked.model },
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
  });
});

server.listen(Number(process.argv[2] ?? 8081), "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
