import { loadGlpk } from "../../src/engine/exact/glpk-adapter.js";
import { adaptedRunner, versionOf } from "./adapted.js";
import type { TimedRunner } from "./runner.js";

/** glpk.js: GLPK in WebAssembly. */
export async function load(): Promise<TimedRunner> {
  return adaptedRunner("glpk", versionOf("glpk.js/node", "glpk.js"), await loadGlpk());
}
