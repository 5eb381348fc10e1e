import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";

/** Links within the built site at `root` whose page, file or heading does not exist. VitePress itself does not look at headings. */
export function findDeadLinks(root) {
  const names = readdirSync(root, { recursive: true }).filter((name) => name.endsWith(".html"));
  const pages = new Map(
    names.map((name) => [name.replaceAll("\\", "/"), readFileSync(posix.join(root, name), "utf8")]),
  );
  const idsOf = new Map();
  let links = 0;
  const dead = [];
  for (const [name, html] of pages) {
    for (const [, href] of html.matchAll(/<(?:a|img)\b[^>]*? (?:href|src)="([^"]+)"/g)) {
      if (/^(?:\w+:|\/\/)/.test(href)) continue;
      links += 1;
      if (!leadsSomewhere(name, decodeURI(href.replaceAll("&amp;", "&")))) dead.push(`${name}: ${href}`);
    }
  }
  return { links, dead };

  function leadsSomewhere(name, href) {
    const [path, anchor = ""] = href.split("#");
    const goal = path === "" ? name : posix.join(path.startsWith("/") ? "." : posix.dirname(name), path);
    const page = [goal, `${goal}.html`, posix.join(goal, "index.html")].find((one) => pages.has(one));
    if (page === undefined) return existsSync(posix.join(root, goal));
    if (!idsOf.has(page)) idsOf.set(page, new Set([...pages.get(page).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)));
    return anchor === "" || idsOf.get(page).has(anchor);
  }
}
