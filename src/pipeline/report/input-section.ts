import type { RunDigest } from "./digest.js";
import { countOf, escapeText } from "./format.js";
import { markdownTable } from "./table.js";

/** Skipped lines shown one by one; the summary has them all. */
const MAX_SKIPPED = 10;

/** What was read, missed, left out and not understood. */
export function renderInputs({ summary: { inputs } }: RunDigest): string[] {
  const sections: string[] = ["## What was read"];
  if (inputs.files.length > 0) {
    const table = markdownTable(
      [
        { title: "File", cell: ({ file }) => escapeText(file) },
        { title: "Files", align: "right", cell: ({ count }) => String(count) },
        { title: "Rows", align: "right", cell: ({ rows }) => String(rows) },
        { title: "Known before", align: "right", cell: ({ known_rows }) => String(known_rows) },
        { title: "Skipped", align: "right", cell: ({ skipped }) => String(skipped) },
        {
          title: "SHA-256",
          cell: ({ sha256 }) => (sha256 === null ? "" : `\`${sha256.slice(0, 12).replace(/\W/g, "_")}\``),
        },
      ],
      groupFiles(inputs.files),
    );
    sections.push(table);
  }
  if (inputs.absent.length > 0) sections.push(`Absent: ${inputs.absent.map(escapeText).join(", ")}.`);
  if (inputs.skipped.length > 0) {
    const shown = inputs.skipped.slice(0, MAX_SKIPPED);
    const items = shown.map(({ place, reason }) => `- ${escapeText(place)}: ${escapeText(reason)}`);
    const rest = inputs.skipped.length - shown.length;
    if (rest > 0) items.push(`- and ${rest} more in phase19_summary.json`);
    sections.push("Skipped lines:", items.join("\n"));
  }
  const unknown = Object.entries(inputs.unknown_fields).map(([file, fields]) => {
    const list = Object.entries(fields).map(([field, count]) => `${escapeText(field)} (${countOf(count, "time")})`);
    return `- ${escapeText(file)}: ${list.join(", ")}`;
  });
  if (unknown.length > 0) sections.push("Fields that are not known and not used:", unknown.join("\n"));
  if (inputs.notes.length > 0) sections.push("Notes:", inputs.notes.map((note) => `- ${escapeText(note)}`).join("\n"));
  return sections.length === 1 ? [...sections, "No file was read."] : sections;
}

type InputFile = RunDigest["summary"]["inputs"]["files"][number];

/** Files of the same name in folders of waves and agents, together; the hash of a single file alone. */
interface FileGroup extends Pick<InputFile, "file" | "rows" | "skipped" | "known_rows"> {
  readonly count: number;
  readonly sha256: string | null;
}

function groupFiles(files: readonly InputFile[]): FileGroup[] {
  const groups = new Map<string, FileGroup>();
  for (const { file, rows, skipped, known_rows, sha256 } of files) {
    const name = file.replace(/\/wave_\d+\//, "/wave_*/").replace(/\/wave_\*\/[^/]+\//, "/wave_*/*/");
    const known = groups.get(name) ?? { file: name, count: 0, rows: 0, skipped: 0, known_rows: 0, sha256: null };
    groups.set(name, {
      file: name,
      count: known.count + 1,
      rows: known.rows + rows,
      skipped: known.skipped + skipped,
      known_rows: known.known_rows + known_rows,
      sha256: known.count === 0 ? sha256 : null,
    });
  }
  return [...groups.values()];
}
