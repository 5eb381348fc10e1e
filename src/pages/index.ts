import type { PageDocument } from "../domain/schemas/index.js";
import { h } from "./elements/dom.js";
import { follow, liveSource } from "./live.js";
import type { Section, SectionContext, View } from "./elements/section.js";
import { whatIfSection } from "./sections/answers.js";
import { loadsSection } from "./sections/loads.js";
import { calibrationSection, comparisonSection, moneySection } from "./sections/outcomes.js";
import { proofSection } from "./sections/proof.js";
import { scheduleSection } from "./sections/schedule.js";
import { strategiesSection } from "./sections/strategies.js";
import { pageHead } from "./sections/summary.js";
import { auditSection, historySection, inputsSection, troubleSection } from "./sections/trail.js";

/** The script of the page: it draws the data that stands in its HTML, and, where the page is live, what comes after. */

const SECTIONS: readonly Section[] = [
  scheduleSection,
  troubleSection,
  loadsSection,
  proofSection,
  whatIfSection,
  strategiesSection,
  comparisonSection,
  calibrationSection,
  moneySection,
  auditSection,
  inputsSection,
  historySection,
];

let page = JSON.parse(document.getElementById("data")!.textContent) as PageDocument;
let view: View = { wave: null, task: null, zoom: 1, query: "" };

const root = document.getElementById("page")!;
const head = h("header", { id: "summary" });
const nav = h("nav", { "aria-label": "Sections" });
const places = SECTIONS.map(({ id, title }) =>
  h(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title` }, title),
    h("div", { class: "body" }),
  ),
);
/** What each section was last drawn from. */
const drawn = new Map<string, string>();

const trouble = h("p", { class: "notice bad", role: "status", hidden: true });

root.replaceChildren(trouble, head, nav, ...places);
draw();
addEventListener("resize", draw);
const source = liveSource(document.body);
if (source !== null) {
  follow(source, {
    page: () => page,
    replace: (next) => {
      page = next;
      draw();
    },
    tellTrouble: (message) => {
      trouble.hidden = message === null;
      trouble.textContent = message ?? "";
    },
  });
}

function context(): SectionContext {
  // Of a run that goes on, the newest wave is looked at.
  const newest = page.state === "running" ? page.waves.at(-1) : page.waves[0];
  const wave = page.waves.find(({ wave }) => wave === view.wave) ?? newest ?? null;
  return { page, view, wave, change };
}

function change(changes: Partial<View>): void {
  view = { ...view, ...changes };
  draw();
}

/** Draws what has changed; what has the keyboard keeps it. */
function draw(): void {
  const focused = document.activeElement?.id;
  const now = context();
  replaceIfChanged(
    "summary",
    [
      page.headline,
      page.tasks,
      page.health,
      page.state,
      page.advice,
      page.waves.map(({ planned, actual }) => [planned, actual]),
    ],
    () => head.replaceChildren(...pageHead(now)),
  );
  SECTIONS.forEach((section, k) => {
    const place = places[k]!;
    replaceIfChanged(section.id, section.inputs(now), () => {
      const body = place.querySelector(".body")!;
      const scroll = body.querySelector(".gantt-scroll")?.scrollLeft ?? 0;
      const nodes = section.render(now);
      place.hidden = nodes === null;
      body.replaceChildren(...(nodes ?? []));
      const frame = body.querySelector(".gantt-scroll");
      if (frame !== null) frame.scrollLeft = scroll;
    });
  });
  const shown = SECTIONS.filter((_, k) => !places[k]!.hidden);
  replaceIfChanged(
    "nav",
    shown.map(({ id }) => id),
    () => nav.replaceChildren(...shown.map(({ id, title }) => h("a", { href: `#${id}` }, title))),
  );
  if (focused !== undefined && focused !== "" && document.activeElement?.id !== focused)
    document.getElementById(focused)?.focus();
}

function replaceIfChanged(id: string, inputs: unknown, replace: () => void): void {
  const key = JSON.stringify(inputs);
  if (drawn.get(id) === key) return;
  drawn.set(id, key);
  replace();
}
