import {
  chmodSync,
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Phase16Feedback, Phase18Feedback } from "../../../src/domain/schemas/phase19-summary.js";
import {
  mergeRow,
  relativeDirectory,
  repairFeedback,
  upsertFeedbackRow,
  FEEDBACK_FILE,
} from "../../../src/pipeline/files/feedback-file.js";
import { tryLock } from "../../../src/pipeline/files/lock.js";
import { runSummary } from "../../support/run-summary.js";
import { runs } from "../../support/runs.js";
import { NOW, processOf } from "./output-trees.js";
import { messageOf, writeScratch } from "./scratch.js";

const row16 = (run_id: string, weight = 1): Phase16Feedback => ({
  type: "phase19_heuristic_update",
  heuristic_weights: { H16_001: weight },
  timestamp: NOW,
  run_id,
  execution: "real",
  heuristic_performance: {},
  strategy_effectiveness: {},
});
const row18 = (run_id: string): Phase18Feedback => ({
  type: "phase19_coordination_feedback",
  strategy_effectiveness: {},
  timestamp: NOW,
  run_id,
  execution: "real",
  agent_performance: {},
  anomalies: [],
});
const line = (row: object): string => `${JSON.stringify(row)}\n`;

describe("a row in a feedback file", () => {
  it("makes file and directory, replaces its own row in place, and leaves the rest byte for byte", async () => {
    const file = join(writeScratch({}), "phase16", FEEDBACK_FILE);
    expect(await upsertFeedbackRow(file, row16("a"))).toBe("added");
    expect(await upsertFeedbackRow(file, row16("a"))).toBe("unchanged");
    const foreign = '\uFEFF{"type":"x"}\r\n{"run_id" : "other"}\n\n  rubbish "run_id"\n[]\n';
    writeFileSync(file, `${foreign}${line(row16("a"))}${line(row16("b"))}null\n{"run_id":"half`);
    expect(await upsertFeedbackRow(file, row16("a", 1.5))).toBe("replaced");
    expect(await upsertFeedbackRow(file, row16("c"))).toBe("added");
    expect(readFileSync(file, "utf8")).toBe(
      `${foreign}${line(row16("a", 1.5))}${line(row16("b"))}null\n{"run_id":"half\n${line(row16("c"))}`,
    );
    expect(readdirSync(join(file, ".."))).toEqual([FEEDBACK_FILE]);
  });

  it("is told from the other phase's row of the same run", async () => {
    const file = join(writeScratch({}), FEEDBACK_FILE);
    await upsertFeedbackRow(file, row16("a"));
    expect(await upsertFeedbackRow(file, row18("a"))).toBe("added");
    expect(readFileSync(file, "utf8")).toBe(line(row16("a")) + line(row18("a")));
  });

  it("stands once where it stood twice", () => {
    const before = Buffer.from(line(row16("a")) + line(row16("b")) + line(row16("a", 1.2)));
    const { after, change } = mergeRow(before, row16("a"), true);
    expect([after.toString(), change]).toEqual([line(row16("a")) + line(row16("b")), "replaced"]);
  });

  it("repairs a missing newline also where nothing else changes", async () => {
    const file = join(writeScratch({ [FEEDBACK_FILE]: line(row16("a")).trimEnd() }), FEEDBACK_FILE);
    expect(await upsertFeedbackRow(file, row16("a"))).toBe("unchanged");
    expect(readFileSync(file, "utf8")).toBe(line(row16("a")));
  });

  it("loses no byte of any file, and a second time changes nothing", () => {
    const bytes = fc.uint8Array({ maxLength: 60 });
    fc.assert(
      fc.property(fc.array(fc.oneof(bytes, fc.constant(Buffer.from("\n")))), (parts) => {
        const before = Buffer.concat(parts);
        const { after, change } = mergeRow(before, row16("a"), true);
        expect(change).toBe("added");
        expect(after.subarray(0, before.length).equals(before)).toBe(true);
        const rest = after.subarray(before.length).toString();
        expect(["", "\n"].map((newline) => newline + line(row16("a")))).toContain(rest);
        expect(mergeRow(after, row16("a"), true)).toEqual({ after, change: "unchanged" });
      }),
      runs(200),
    );
  });

  it("keeps permissions, and the content that other names of the file lead to", async () => {
    const root = writeScratch({ "sub/x": "", "other.jsonl": line(row16("a")) });
    chmodSync(join(root, "other.jsonl"), 0o640);
    const file = join(root, "sub", FEEDBACK_FILE);
    linkSync(join(root, "other.jsonl"), file);
    await upsertFeedbackRow(file, row16("b"));
    expect(readFileSync(file, "utf8")).toBe(line(row16("a")) + line(row16("b")));
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readFileSync(join(root, "other.jsonl"), "utf8")).toBe(line(row16("a")));
  });

  it("is not written through a symbolic link, nor into a folder", async () => {
    const root = writeScratch({ victim: "mine\n", "sub/x": "" });
    const file = join(root, "sub", FEEDBACK_FILE);
    symlinkSync("../victim", file);
    expect(await messageOf(() => upsertFeedbackRow(file, row16("b")))).toContain("is a symbolic link");
    expect([readFileSync(join(root, "victim"), "utf8"), readdirSync(join(root, "sub"))]).toEqual([
      "mine\n",
      [FEEDBACK_FILE, "x"],
    ]);
    const folder = writeScratch({ [`${FEEDBACK_FILE}/x`]: "" });
    expect(await messageOf(() => upsertFeedbackRow(join(folder, FEEDBACK_FILE), row16("b")))).toContain("is a folder");
  });

  it("waits for another run's row, and clears up after one that is gone", async () => {
    const orphan = `${FEEDBACK_FILE}.0123456789abcdef.tmp`;
    const file = join(writeScratch({ [orphan]: "half" }), FEEDBACK_FILE);
    const both = new Set([1, 2]);
    const other = await tryLock(`${file}.lock`, processOf(1), NOW);
    const waiting = upsertFeedbackRow(file, row16("b"), { processInfo: processOf(2, both) });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(existsSync(file)).toBe(false);
    if ("release" in other) await other.release();
    expect(await waiting).toBe("added");
    await tryLock(`${file}.lock`, processOf(7), NOW);
    await upsertFeedbackRow(file, row16("c"), { processInfo: processOf(2, both) });
    expect(readdirSync(join(file, ".."))).toEqual([FEEDBACK_FILE]);
  });

  it("keeps all rows of many runs at once", async () => {
    const file = join(writeScratch({}), FEEDBACK_FILE);
    const ids = Array.from({ length: 12 }, (_, k) => `run${k}`);
    await Promise.all(ids.map((id) => upsertFeedbackRow(file, row16(id))));
    const found = readFileSync(file, "utf8").trim().split("\n");
    expect(found.map((text) => (JSON.parse(text) as { run_id: string }).run_id).sort()).toEqual([...ids].sort());
  });

  it("says what the system objected to", async () => {
    const file = join(writeScratch({ file: "" }), "file", FEEDBACK_FILE);
    expect(await messageOf(() => upsertFeedbackRow(file, row16("a")))).toContain(
      "cannot be written: a part of the path is not a folder",
    );
  });
});

describe("rows that the run before owes", () => {
  it("are written where they are missing, and only there", async () => {
    const root = writeScratch({
      "phase19/phase19_summary.json": "",
      [`phase16/${FEEDBACK_FILE}`]: line(row16("a", 1.3)).trimEnd(),
    });
    const out = join(root, "phase19");
    const directory = await relativeDirectory(out, join(root, "phase18"));
    expect([directory, await relativeDirectory(out, out)]).toEqual(["../phase18", "."]);
    const owed = {
      phase16: { directory: "../phase16", row: row16("a") },
      phase18: { directory, row: row18("a") },
    };
    const summary = runSummary({ run_id: "a", feedback: owed });
    const directories = { phase16: join(root, "phase16"), phase18: join(root, "phase18") };
    expect(await repairFeedback(summary, directories)).toEqual([join(root, "phase18", FEEDBACK_FILE)]);
    expect(await repairFeedback(summary, directories)).toEqual([]);
    expect(readFileSync(join(root, "phase18", FEEDBACK_FILE), "utf8")).toBe(line(row18("a")));
    expect(readFileSync(join(root, "phase16", FEEDBACK_FILE), "utf8")).toBe(line(row16("a", 1.3)).trimEnd());
    expect(await repairFeedback(runSummary(), directories)).toEqual([]);
  });

  it("go to this run's own directories, whatever the summary names", async () => {
    const root = writeScratch({ "phase16/x": "" });
    const owed = {
      phase16: { directory: "../../pwned", row: row16("a") },
      phase18: { directory: "/", row: row18("a") },
    };
    const summary = runSummary({ run_id: "a", feedback: owed });
    const directories = { phase16: join(root, "phase16"), phase18: null };
    expect(await repairFeedback(summary, directories)).toEqual([join(root, "phase16", FEEDBACK_FILE)]);
    expect(readdirSync(root)).toEqual(["phase16"]);
  });
});
