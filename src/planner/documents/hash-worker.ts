import { parentPort } from "node:worker_threads";
import type { WorkerMessage } from "../../engine/index.js";
import { packedSha256, type PackedText } from "./packed-text.js";

/** Entry of a worker thread that hashes: one problem at a time. */
const port = parentPort;
if (port === null) throw new Error("this file runs in a worker thread only");
port.on("message", (packed: PackedText) => {
  const message: WorkerMessage<string, never> = { kind: "answer", answer: packedSha256(packed) };
  port.postMessage(message);
});
