import { existsSync } from "node:fs";
import { readFilesBelow, ROOT } from "./source-files.js";

/** Whether every room is built and the bundled fixture is there; until then tests of the whole skip visibly. */
export const IS_LINKED =
  existsSync(`${ROOT}/fixtures/demo/phase18`) &&
  readFilesBelow("src", [".ts"]).every(({ text }) => !text.includes("not linked yet"));
