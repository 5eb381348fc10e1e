import { describeReadError, InputError, systemCode } from "../../domain/index.js";
import { readList } from "./option-values.js";

/** What `--approve` names. */
export interface Approvals {
  readonly ids: readonly string[];
  /** The file that the ids were read from; absent where the option holds them itself. */
  readonly file?: string;
}

/**
 * Task ids of `--approve`: between commas, or a file with ids between commas or line breaks. A file that exists is a file.
 *
 * @throws InputError where the file cannot be read, or the text is not a list
 */
export async function readApprovals(value: string): Promise<Approvals> {
  const { readWhole } = await import("../../planner/index.js");
  const bytes = await readWhole(value).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENAMETOOLONG") return null;
    throw new InputError("--approve", `${value} cannot be read: ${describeReadError(error)}`, { cause: error });
  });
  if (bytes === null) return { ids: readList(value, "--approve") };
  const ids = bytes
    .toString("utf8")
    .split(/[\n,]/)
    .map((id) => id.trim())
    .filter((id) => id !== "");
  return { ids: [...new Set(ids)], file: value };
}
