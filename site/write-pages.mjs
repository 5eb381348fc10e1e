import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, posix } from "node:path";

/** Pages that are not below docs/, and where they are on the site. */
const OTHER_PAGES = {
  "README.md": "index.md",
  "CONTRIBUTING.md": "",
  "CHANGELOG.md": "",
  "models/README.md": "models/index.md",
};
const LANGUAGES = {
  ".ts": "ts",
  ".mjs": "js",
  ".py": "python",
  ".jsonl": "json",
  ".json": "json",
  ".md": "md",
  "": "text",
};
const LINK = /(?<=\]\()([^)\s#]+)(#[^)\s]*)?(?=\))/g;

/**
 * Copies the pages of the package at `root` into the folder `target`. A link to a file that is no page becomes a link to a page
 * that shows the file.
 */
export function writePages(root, target) {
  const guides = readdirSync(posix.join(root, "docs"), { recursive: true })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name.replaceAll("\\", "/")}`);
  const placeOf = new Map(guides.map((path) => [path, path]));
  for (const [path, place] of Object.entries(OTHER_PAGES)) placeOf.set(path, place || path);
  const shown = new Set();

  for (const [path, place] of placeOf) {
    const text = readFileSync(posix.join(root, path), "utf8")
      .replace(/^<!-- .*? -->\n/gm, "")
      .replace(LINK, (link, file, anchor = "") => (/^\w+:/.test(link) ? link : relink(path, place, file) + anchor));
    write(place, text);
  }
  for (const path of shown) write(`${path}.md`, pageOf(path, readFileSync(posix.join(root, path), "utf8")));
  // Once for pages that show a picture, once for those that link to it: VitePress copies a linked file from `public` only.
  for (const place of ["docs/pictures", "public/docs/pictures"])
    cpSync(posix.join(root, "docs/pictures"), posix.join(target, place), { recursive: true });

  function relink(path, place, file) {
    const linked = posix.join(posix.dirname(path), file).replace(/\/$/, "");
    const goal = existing(linked);
    return posix.relative(posix.dirname(place), goal).replace(/^(?!\.)/, "./");
  }

  /** The place of what a page links to. */
  function existing(path) {
    if (placeOf.has(path)) return placeOf.get(path);
    if (/\.png$/.test(path)) return path;
    const file = posix.join(root, path);
    if (!existsSync(file)) throw new Error(`${path} is linked and does not exist`);
    if (statSync(file).isDirectory()) return existing(`${path}/README.md`);
    shown.add(path);
    return `${path}.md`;
  }

  function write(place, text) {
    const file = posix.join(target, place);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function pageOf(path, text) {
  const language = LANGUAGES[extname(path)];
  if (language === undefined) throw new Error(`no language is known for ${path}`);
  return `# ${path}\n\n\`\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\`\n`;
}
