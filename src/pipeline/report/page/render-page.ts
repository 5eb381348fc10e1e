import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { findRuntimeFile, ModelError } from "../../../domain/index.js";
import type { PageDocument } from "../../../domain/schemas/index.js";

/** Script and style of the page, as the build leaves them. */
interface Assets {
  readonly script: string;
  readonly style: string;
}

/** Where a page that is served hears of new states. */
export interface LiveSource {
  /** Address of the events, below the page's own. */
  readonly events: string;
  /** Of the state in the HTML. */
  readonly version: string;
}

let assets: Assets | null = null;

/** @throws ModelError where the package was not built */
function loadAssets(): Assets {
  if (assets !== null) return assets;
  const read = (name: string): string => {
    const place = findRuntimeFile(`dist/pages/${name}`);
    try {
      return readFileSync(place, "utf8");
    } catch (error) {
      throw new ModelError(`the page's ${name} is not built; npm run build writes it`, { cause: error });
    }
  };
  return (assets = { script: read("page.js"), style: read("page.css") });
}

/**
 * The page as one HTML file: nothing is fetched, and its policy lets only its own script and style run, so that no text of a
 * task can.
 *
 * @param live where new states come from while a run goes; default: they do not
 */
export function renderPage(page: PageDocument, live?: LiveSource): string {
  const { script, style } = loadAssets();
  const title = titleOf(page);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(live !== undefined)}">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body${live === undefined ? "" : ` data-live="${escapeHtml(live.events)}" data-version="${escapeHtml(live.version)}"`}>
<main id="page"><h1>${escapeHtml(title)}</h1>
${page.headline.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join("\n")}
<noscript><p>The rest of this page needs JavaScript.</p></noscript></main>
<script type="application/json" id="data">${escapeJson(page)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** Content-Security-Policy of the page. */
export function contentPolicy(isLive: boolean): string {
  const { script, style } = loadAssets();
  const connect = isLive ? "; connect-src 'self'" : "";
  return `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'${connect}`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function titleOf({ kind, run_id, execution }: PageDocument): string {
  if (kind === "plan") return "Phase 19: plan of a wave";
  return `Phase 19: run ${run_id ?? "without a name"}${execution === "simulated" ? " (simulated)" : ""}`;
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** JSON that cannot end the element it stands in. */
function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}
