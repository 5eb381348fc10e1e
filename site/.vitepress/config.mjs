import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { slugify } from "./slug.mjs";

/** Guides by what a reader wants to do; [page below docs/, words in the sidebar]. */
const GUIDES = {
  Start: [
    ["faq", "Questions before the first use"],
    ["planning-one-wave", "Planning one wave"],
    ["strategies-and-goals", "Strategies and goals"],
    ["asking", "Asking about a plan"],
    ["as-a-library", "As a library"],
    ["from-python", "From Python"],
  ],
  Run: [
    ["running-the-pipeline", "Running the pipeline"],
    ["real-agents", "Real agents"],
    ["seeing-a-run", "Seeing a run"],
    ["monitor", "The monitor"],
    ["learning", "Learning and states"],
    ["files", "The files it writes"],
  ],
  Trust: [
    ["reading-a-proof", "Reading a proof"],
    ["benchmarks", "Benchmarks and figures"],
    ["limits", "Limits"],
    ["troubleshooting", "Troubleshooting"],
    ["licence", "Licence"],
  ],
  Reference: [
    ["words", "Words"],
    ["reference/commands", "Commands"],
    ["reference/options", "Options"],
    ["reference/documents", "Documents"],
  ],
};
const MORE = [
  { text: "Types of the library", link: "/api/" },
  { text: "The mathematics", link: "/models/" },
  { text: "Architecture", link: "/docs/architecture" },
  { text: "Contributing", link: "/CONTRIBUTING" },
  { text: "Changelog", link: "/CHANGELOG" },
];

const placed = new Set([...Object.values(GUIDES).flatMap((pages) => pages.map(([page]) => page)), "architecture"]);
const guides = readdirSync(fileURLToPath(new URL("../../docs", import.meta.url)), { recursive: true })
  .filter((name) => name.endsWith(".md"))
  .map((name) => name.replace(/\.md$/, "").replaceAll("\\", "/"));
const missing = guides.filter((name) => !placed.has(name));
if (missing.length > 0)
  throw new Error(`site/.vitepress/config.mjs: no place in the sidebar for ${missing.join(", ")}`);

export default defineConfig({
  title: "phase19-optimizer",
  description: "Plans waves of agent tasks with integer programs, and says how good each plan provably is.",
  srcDir: "pages",
  outDir: "dist",
  cleanUrls: false,
  // Pages show `<name>` and never HTML.
  markdown: { html: false, anchor: { slugify } },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Guides", link: "/docs/planning-one-wave" },
      { text: "Reference", link: "/docs/reference/commands" },
      { text: "Types", link: "/api/" },
    ],
    sidebar: [
      ...Object.entries(GUIDES).map(([text, pages]) => ({
        text,
        items: pages.map(([page, words]) => ({ text: words, link: `/docs/${page}` })),
      })),
      { text: "More", items: MORE },
    ],
  },
});
