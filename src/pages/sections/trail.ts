import type { PageDocument, PageTrouble, PageWave } from "../../domain/schemas/index.js";
import { h } from "../elements/dom.js";
import { count, instant, number, words } from "../elements/format.js";
import type { Section } from "../elements/section.js";
import { lazyDetails, table } from "../elements/table.js";
import { shareOf } from "./outcomes.js";

/** What failed in the wave, then the findings of all waves, alerts among them, each with what to do. */
export const troubleSection: Section = {
  id: "trouble",
  title: "What went wrong",
  inputs: ({ page, wave }) => [page.issues, page.kind, wave?.wave, wave?.trouble, wave?.counts],
  render: ({ page: { issues, kind }, wave }) => {
    const ofWave = wave === null || kind === "plan" ? [] : troubleOfWave(wave);
    if (issues.length === 0) return ofWave.length === 0 ? null : ofWave;
    const rest = issues.slice(MOST_ISSUES);
    return [
      ...ofWave,
      ...(ofWave.length === 0 ? [] : [h("h3", {}, "All waves")]),
      issueTable(issues.slice(0, MOST_ISSUES)),
      ...(rest.length === 0 ? [] : [lazyDetails(`${rest.length} more`, () => issueTable(rest))]),
    ];
  },
};

const MOST_ISSUES = 6;

function troubleOfWave({ wave, trouble, counts }: PageWave): Node[] {
  const title = h("h3", {}, `Wave ${wave}`);
  if (trouble.length > 0) return [title, issueTable(trouble, `Failures of wave ${wave}`)];
  if (counts.completed + counts.failed === 0) return [];
  return [title, h("p", {}, "No attempt failed, and no agent was busy beyond its limit.")];
}

function issueTable(issues: readonly PageTrouble[], caption = "Issues"): HTMLElement {
  return table(
    caption,
    [
      { title: "Issue", cell: ({ issue }) => issue },
      { title: "What is known", cell: ({ analysis }) => analysis },
      { title: "What to do", cell: ({ recommendation }) => recommendation },
    ],
    issues,
  );
}

type AuditRow = PageDocument["audit"][number];

/** Shown before the reader asks for more. */
const FIRST_ROWS = 20;
const MOST_ROWS = 500;

/** Every decision, with a search over all of their words. */
export const auditSection: Section = {
  id: "audit",
  title: "Audit trail",
  inputs: ({ page }) => [page.audit, page.hidden_audit],
  render: ({ page: { audit, hidden_audit }, view, change }) => {
    if (audit.length === 0) return null;
    const texts = audit.map((row) =>
      [row.decision, row.subject, row.reason, row.solver, row.wave === null ? "" : `wave ${row.wave}`]
        .join(" ")
        .toLowerCase(),
    );
    const results = h("div", { "aria-live": "polite" });
    const search = (query: string): void => {
      const parts = query
        .toLowerCase()
        .split(/\s+/)
        .filter((part) => part !== "");
      const found = audit.filter((_, k) => parts.every((part) => texts[k]!.includes(part)));
      const rest = found.slice(FIRST_ROWS, MOST_ROWS);
      const unseen = found.length - FIRST_ROWS - rest.length;
      results.replaceChildren(
        h("p", { class: "muted" }, `${count(found.length, "decision")} of ${audit.length}.`),
        auditTable(found.slice(0, FIRST_ROWS)),
        ...(rest.length === 0
          ? []
          : [
              lazyDetails(
                `${rest.length} more${unseen > 0 ? ` (and ${unseen} that a narrower search shows)` : ""}`,
                () => auditTable(rest),
              ),
            ]),
      );
    };
    const field = h("input", {
      id: "audit-search",
      type: "search",
      placeholder: "task, agent, decision …",
      value: view.query,
    });
    field.addEventListener("input", () => {
      search(field.value);
      change({ query: field.value });
    });
    search(view.query);
    const hidden =
      hidden_audit === 0 ? [] : [h("p", { class: "notice" }, `${hidden_audit} more decisions are in audit.jsonl.`)];
    return [h("label", { for: "audit-search" }, "Search "), field, ...hidden, results];
  },
};

function auditTable(rows: readonly AuditRow[]): HTMLElement {
  return table<AuditRow>(
    "Decisions",
    [
      { title: "No.", align: "right", cell: ({ sequence }) => String(sequence) },
      { title: "Wave", align: "right", cell: ({ wave }) => (wave === null ? "–" : String(wave)) },
      { title: "Decision", cell: ({ decision }) => words(decision) },
      { title: "About", cell: ({ subject }) => subject },
      { title: "Reason", cell: ({ reason }) => reason },
      { title: "Value", align: "right", cell: ({ value }) => number(value) },
      { title: "Bound", align: "right", cell: ({ bound }) => number(bound) },
    ],
    rows,
  );
}

/** What was read, missed and skipped. */
export const inputsSection: Section = {
  id: "inputs",
  title: "What was read",
  inputs: ({ page }) => page.inputs,
  render: ({ page: { inputs } }) => {
    if (inputs === null) return null;
    const lines = [
      ...(inputs.absent.length === 0 ? [] : [`Absent: ${inputs.absent.join(", ")}.`]),
      ...inputs.skipped.map(({ place, reason }) => `Skipped ${place}: ${reason}`),
      ...inputs.notes,
    ];
    return [
      ...(lines.length === 0 ? [] : [h("ul", {}, ...lines.map((line) => h("li", {}, line)))]),
      lazyDetails(count(inputs.files.length, "file"), () =>
        table(
          "Files",
          [
            { title: "File", cell: ({ file }) => file },
            { title: "Rows", align: "right", cell: ({ rows }) => String(rows) },
            { title: "Known before", align: "right", cell: ({ known_rows }) => String(known_rows) },
            { title: "Skipped", align: "right", cell: ({ skipped }) => String(skipped) },
            { title: "SHA-256", cell: ({ sha256 }) => sha256.slice(0, 12) },
          ],
          inputs.files,
        ),
      ),
    ];
  },
};

/** The runs before, of a page that is served. */
export const historySection: Section = {
  id: "history",
  title: "Runs",
  inputs: ({ page }) => page.history,
  render: ({ page: { history } }) => {
    if (history.length === 0) return null;
    return [
      table(
        "Runs that left feedback, newest first",
        [
          { title: "Run", cell: ({ run_id }) => run_id },
          { title: "When", cell: ({ timestamp }) => instant(timestamp) },
          { title: "Kind", cell: ({ execution }) => execution },
          { title: "Strategies", cell: ({ strategies }) => strategies.map(words).join(", ") },
          {
            title: "Ended tasks, completed",
            align: "right",
            cell: ({ tasks, success_rate }) => shareOf(success_rate, tasks),
          },
        ],
        history,
      ),
    ];
  },
};
