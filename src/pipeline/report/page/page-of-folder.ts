import { join } from "node:path";
import { InputError } from "../../../domain/index.js";
import type { PageDocument } from "../../../domain/schemas/index.js";
import { SYSTEM_FILES } from "../../files/file-functions.js";
import { MARK_FILE } from "../../files/output-mark.js";
import { pageOfTree } from "./page-of-tree.js";
import { folderSource } from "./tree-source.js";

/**
 * The page of the run whose tree a folder is, or holds as `phase19`.
 *
 * @throws InputError where there is no such tree, or it is damaged
 */
export async function pageOfFolder(folder: string): Promise<PageDocument> {
  for (const place of [folder, join(folder, "phase19")]) {
    const source = folderSource(place, SYSTEM_FILES);
    if ((await source.read(MARK_FILE)) !== null) return pageOfTree(source);
  }
  throw new InputError(folder, `holds no ${MARK_FILE}, nor does its phase19; name the folder that phase19 run wrote`);
}
