import { setFlagsFromString } from "node:v8";

/** Old objects that a new thread may hold before V8 collects them for the first time, MB. */
const FIRST_COLLECTION_MB = 64;

let isGiven = false;

/**
 * Lets threads that start from now on grow to `FIRST_COLLECTION_MB` before their first full collection; once a process. By itself V8 collects
 * a young thread at a few MB, several times in a short solve. Worse, Node 20 aborts the whole process where a thread is ended while its
 * code is still being compiled beside it and that compilation finds the heap at this limit (`NodePlatform::ForIsolate`, `data.first != nullptr`):
 * rare, but a pool ends a thread after every short run. There is no such setting for one thread; those of the host get it too, and lose nothing by it.
 */
export function giveRoomToThreads(): void {
  if (isGiven) return;
  isGiven = true;
  // Only V8 under Node has the flag.
  if ("bun" in process.versions || "deno" in process.versions) return;
  setFlagsFromString(`--initial-old-space-size=${FIRST_COLLECTION_MB}`);
}
