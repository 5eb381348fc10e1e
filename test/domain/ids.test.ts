import { describe, expect, it } from "vitest";
import { findAgentIdFault, findFoldedTwins } from "../../src/domain/ids.js";
import { showUnseen } from "../../src/domain/text/index.js";

describe("agent ids", () => {
  it("are none of the names of our own files in a wave's folder, in any case", () => {
    expect(findAgentIdFault("wave_summary.json")).toBe("is the name of a file of ours");
    expect(findAgentIdFault("Schedule_Adherence.JSON")).toBe("is the name of a file of ours");
    expect(findAgentIdFault("wave_summary")).toBeNull();
    expect(findAgentIdFault("..")).toBe("begins with a dot");
  });

  it("are twins where case or composition alone tells them apart", () => {
    expect(findFoldedTwins(["a", "b", "A"])).toEqual(["a", "A"]);
    expect(findFoldedTwins(["\u00e9", "e\u0301"])).toEqual(["\u00e9", "e\u0301"]);
    expect(findFoldedTwins(["stra\u00dfe", "STRASSE"])).toEqual(["stra\u00dfe", "STRASSE"]);
    expect(findFoldedTwins(["a", "b", "a"])).toBeNull();
  });
});

describe("showUnseen", () => {
  it("writes out what nobody sees and a terminal may obey", () => {
    expect(showUnseen("a\u001b[31mb\u200bc\u202ed\n")).toBe("a\\u001b[31mb\\u200bc\\u202ed\\n");
    expect(showUnseen("t\u00e4sk_1 \u{1f642}")).toBe("t\u00e4sk_1 \u{1f642}");
  });
});
