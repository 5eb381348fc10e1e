import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { FEEDBACK_FILE } from "../../../src/pipeline/files/feedback-file.js";
import { SYSTEM_FILES } from "../../../src/pipeline/files/file-functions.js";
import { PoweredDisk, type Step } from "../../support/power-cut.js";
import { cutRun, FOREIGN_ROWS, writer } from "../../support/power-subject.js";
import { writeScratch } from "./scratch.js";

const settings = () => ({ limit: 6, random: drawingRandom(19).unit });

/** A folder in which those runs have ended; true: interrupted. */
async function after(...runs: readonly (readonly [generation: string, partial: boolean])[]): Promise<string> {
  const folder = writeScratch(
    Object.fromEntries(["phase16", "phase18"].map((phase) => [`${phase}/${FEEDBACK_FILE}`, FOREIGN_ROWS])),
  );
  for (const [generation, partial] of runs) await writer(generation, partial)(folder, { files: SYSTEM_FILES });
  return folder;
}

describe("a power cut at any step of a run, whatever was not flushed lost", () => {
  it.each([
    ["the first run", [], false],
    ["a run over a complete tree", [["a", false]], false],
    ["an interrupted run over a complete tree", [["a", false]], true],
    [
      "a run over an interrupted one",
      [
        ["a", false],
        ["b", true],
      ],
      false,
    ],
  ] as const)("leaves the tree before or the new one: %s", async (_story, before, partial) => {
    const folder = await after(...before);
    const settled = before.map(([generation]) => generation);
    const { faults, images } = await cutRun(folder, writer("c", partial), settled, settings());
    expect(faults).toEqual([]);
    expect(images).toBeGreaterThan(60);
  });

  it("is found out where nothing is flushed", async () => {
    const folder = await after(["a", false]);
    const { faults } = await cutRun(folder, writer("c"), ["a"], { ...settings(), isFlushed: () => false });
    expect(faults.join("\n")).toContain("neither the one before nor the new one");
    expect(faults.join("\n")).toContain("a run that was committed is not in place");
  });
});

describe("the disk that loses what was not flushed", () => {
  const follow = (steps: readonly Step[]): string[] => {
    const folder = writeScratch({ "d/x": "old" });
    const disk = new PoweredDisk(folder);
    for (const step of steps) {
      if (step.operation === "said") continue;
      const [first, second] = step.args as [string, string];
      const isPair = step.operation === "move" || step.operation === "link";
      disk.follow({ ...step, args: [join(folder, first), isPair ? join(folder, second) : second] });
    }
    const said = [...disk.losses(1000, () => 0)].map((image) =>
      [...image].map(([path, content]) => (content === null ? path : `${path}=${content.toString()}`)).join(" "),
    );
    return [...new Set(said)];
  };

  it("loses a content by half or whole, and keeps it once it was flushed", () => {
    expect(follow([{ operation: "write", args: ["d/x", "news"] }])).toEqual(["d d/x=old", "d d/x=new", "d d/x=news"]);
    expect(
      follow([
        { operation: "write", args: ["d/x", "news"] },
        { operation: "flush", args: ["d/x"] },
      ]),
    ).toEqual(["d d/x=news"]);
  });

  it("loses names until their folder was flushed, and moves in one step", () => {
    const made: Step[] = [
      { operation: "create", args: ["d/y", "1"] },
      { operation: "flush", args: ["d/y"] },
    ];
    expect(follow(made)).toEqual(["d d/x=old", "d d/x=old d/y=1"]);
    expect(follow([...made, { operation: "move", args: ["d/y", "d/x"] }])).toEqual([
      "d d/x=old",
      "d d/x=old d/y=1",
      "d d/x=1",
    ]);
    expect(follow([...made, { operation: "move", args: ["d/y", "d/x"] }, { operation: "flush", args: ["d"] }])).toEqual(
      ["d d/x=1"],
    );
  });

  it("may remove what is in a folder and keep its name", () => {
    expect(follow([{ operation: "remove", args: ["d"] }])).toEqual(["d d/x=old", "", "d"]);
  });
});
