import { InputError } from "../../src/domain/errors.js";

const PATH_COLUMN = "path";
const VALUE_COLUMN = "best_known";

/**
 * Best known values by path, from a table of comma-separated values with a title line that names the columns `path` and `best_known`.
 *
 * @param file name for the messages
 * @throws InputError naming file and line
 */
export function readBestKnown(text: string, file: string): ReadonlyMap<string, number> {
  const [header = "", ...lines] = text.split("\n").map((line) => line.trim());
  const titles = header.split(",");
  const [pathAt, valueAt] = [titles.indexOf(PATH_COLUMN), titles.indexOf(VALUE_COLUMN)];
  if (pathAt < 0 || valueAt < 0) {
    throw new InputError(`${file}:1`, `needs the columns ${PATH_COLUMN} and ${VALUE_COLUMN}`);
  }
  const values = new Map<string, number>();
  lines.forEach((line, index) => {
    if (line === "") return;
    const cells = line.split(",");
    const [path = "", value = ""] = [cells[pathAt], cells[valueAt]];
    if (path === "" || value === "" || !Number.isFinite(Number(value))) {
      throw new InputError(`${file}:${index + 2}`, `"${value}" is not the best known value of "${path}"`);
    }
    values.set(path, Number(value));
  });
  return values;
}
