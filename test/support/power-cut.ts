import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import type { FileFunctions } from "../../src/pipeline/files/file-functions.js";
import { CHANGES, type FileOperation, interceptFiles } from "./intercepted-files.js";

/**
 * What a power cut may leave. A file's content is safe once the file was flushed, a folder's names once the folder was. Of
 * all else any part may be lost: of a content everything, its second half, or nothing; of the changes of names any set,
 * but for a change that builds on a lost one (of the same name or the same entry). A move within one folder is one change.
 */

/** One operation of a run, or a word it said in between. */
export type Step =
  | { readonly operation: FileOperation; readonly args: readonly unknown[] }
  | { readonly operation: "said"; readonly word: string };

/** The file system, with every operation that succeeded noted down. */
export function recordFiles(steps: Step[], base?: FileFunctions): FileFunctions {
  return interceptFiles(async (operation, args, run) => {
    const value = await run();
    if (CHANGES.has(operation) || operation === "flush") steps.push({ operation, args });
    return value;
  }, base);
}

interface FileNode {
  now: Buffer;
  safe: Buffer;
}

/** Names that one step of the file system sets or (null) removes. */
type Change = ReadonlyMap<string, Node | null>;

class FolderNode {
  readonly now = new Map<string, Node>();
  safe = new Map<string, Node>();
  pending: Change[] = [];

  change(names: readonly (readonly [string, Node | null])[]): void {
    for (const [name, node] of names) {
      if (node === null) this.now.delete(name);
      else this.now.set(name, node);
    }
    this.pending.push(new Map(names));
  }
}

type Node = FileNode | FolderNode;

/** What stands on a disk: contents by path from its root, null for a folder. */
export type Image = ReadonlyMap<string, Buffer | null>;

/** A disk that follows recorded steps and tells what a power cut would leave of it. */
export class PoweredDisk {
  readonly #root = new FolderNode();

  /** @param folder what stands there now is safe */
  constructor(private readonly folder: string) {
    for (const [path, content] of readImage(folder)) {
      const parent = this.#folderOf(join(folder, path));
      parent.now.set(basename(path), content === null ? new FolderNode() : { now: content, safe: content });
      parent.safe = new Map(parent.now);
    }
  }

  follow({ operation, args }: Exclude<Step, { operation: "said" }>): void {
    const [path, second] = args as [string, unknown];
    if (operation === "flush") return this.#flush(this.#find(path)!);
    const [parent, name] = [this.#folderOf(path), basename(path)];
    const there = parent.now.get(name);
    if (operation === "makeFolder") return parent.change([[name, new FolderNode()]]);
    if (operation === "remove") return there === undefined ? undefined : removeNode(parent, name, there);
    if (operation === "move" || operation === "link") {
      const [to, node] = [second as string, there!];
      if (dirname(to) !== dirname(path)) throw new Error(`${path} leaves its folder`);
      const gone = operation === "move" ? [[name, null] as const] : [];
      return parent.change([...gone, [basename(to), node]]);
    }
    const bytes = Buffer.from(second as string);
    if (there === undefined) return parent.change([[name, { now: bytes, safe: Buffer.alloc(0) }]]);
    if (there instanceof FolderNode) throw new Error(`${path} is a folder`);
    there.now = operation === "append" ? Buffer.concat([there.now, bytes]) : bytes;
  }

  /**
   * Images a power cut may leave now: all of them where they are few, else the ends, each single loss and each single
   * survivor, and as many random ones.
   */
  *losses(limit: number, random: () => number): Generator<Image> {
    const choices = this.#choices();
    const total = choices.reduce((product, { size }) => Math.min(product * size, limit + 1), 1);
    for (const picks of total <= limit ? allPicks(choices) : somePicks(choices, limit, random)) {
      const picked = new Map(choices.map(({ subject }, k) => [subject, picks[k]!]));
      yield render(this.#root, picked);
    }
  }

  #choices(): Choice[] {
    const choices: Choice[] = [];
    const seen = new Set<Node>();
    const visit = (node: Node): void => {
      if (seen.has(node)) return;
      seen.add(node);
      if (node instanceof FolderNode) {
        for (const change of node.pending) choices.push({ subject: change, size: 2 });
        const below = [...node.safe.values(), ...node.pending.flatMap((change) => [...change.values()])];
        for (const one of below) if (one !== null) visit(one);
      } else if (!node.now.equals(node.safe)) choices.push({ subject: node, size: 3 });
    };
    visit(this.#root);
    return choices;
  }

  #flush(node: Node): void {
    if (!(node instanceof FolderNode)) node.safe = node.now;
    else [node.safe, node.pending] = [new Map(node.now), []];
  }

  #folderOf(path: string): FolderNode {
    const node = this.#find(dirname(path));
    if (!(node instanceof FolderNode)) throw new Error(`${dirname(path)} is not a folder`);
    return node;
  }

  #find(path: string): Node | undefined {
    const parts = relative(this.folder, path).split(sep);
    let node: Node | undefined = this.#root;
    for (const part of parts) {
      if (part === "") continue;
      if (part === "..") throw new Error(`${path} lies outside ${this.folder}`);
      node = node instanceof FolderNode ? node.now.get(part) : undefined;
    }
    return node;
  }
}

function removeNode(parent: FolderNode, name: string, node: Node): void {
  if (node instanceof FolderNode) for (const [inner, below] of [...node.now]) removeNode(node, inner, below);
  parent.change([[name, null]]);
}

/** Something that may be kept (the last option) or lost (0), a content also by half (1). */
interface Choice {
  readonly subject: Change | FileNode;
  readonly size: number;
}

type Picks = readonly number[];

function* allPicks(choices: readonly Choice[]): Generator<Picks> {
  const picks = choices.map(() => 0);
  for (;;) {
    yield [...picks];
    const k = picks.findIndex((pick, i) => pick < choices[i]!.size - 1);
    if (k === -1) return;
    picks.fill(0, 0, k)[k]!++;
  }
}

function* somePicks(choices: readonly Choice[], limit: number, random: () => number): Generator<Picks> {
  const all = choices.map(({ size }) => size - 1);
  const none = choices.map(() => 0);
  yield all;
  yield none;
  const singles = choices.flatMap((_, k) => [all.with(k, 0), none.with(k, all[k]!)]);
  // More than the limit only where the choices are many.
  const numRandom = Math.ceil(limit / 2);
  const step = Math.max(1, singles.length / numRandom);
  for (let k = 0; k < singles.length; k += step) yield singles[Math.floor(k)]!;
  for (let k = 0; k < numRandom; k++) {
    const share = random();
    yield all.map((most) => (random() < share ? most : Math.floor(random() * most)));
  }
}

function render(root: FolderNode, picked: ReadonlyMap<Change | FileNode, number>): Image {
  const image = new Map<string, Buffer | null>();
  const visit = (folder: FolderNode, path: string): void => {
    for (const [name, node] of survivors(folder, picked)) {
      const place = join(path, name);
      if (node instanceof FolderNode) {
        image.set(place, null);
        visit(node, place);
      } else image.set(place, contentOf(node, picked.get(node)));
    }
  };
  visit(root, "");
  return image;
}

function contentOf({ now, safe }: FileNode, pick = 2): Buffer {
  return pick === 2 ? now : pick === 0 ? safe : now.subarray(0, Math.floor((safe.length + now.length) / 2));
}

function survivors(folder: FolderNode, picked: ReadonlyMap<Change | FileNode, number>): Map<string, Node> {
  const names = new Map(folder.safe);
  const lost = new Set<string | Node>();
  for (const change of folder.pending) {
    const touched = [...change].flat().filter((one) => one !== null);
    if (picked.get(change) === 0 || touched.some((one) => lost.has(one))) {
      for (const one of touched) lost.add(one);
      continue;
    }
    for (const [name, node] of change) {
      if (node === null) names.delete(name);
      else names.set(name, node);
    }
  }
  return names;
}

/** Everything below a folder. */
export function readImage(folder: string): Image {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [relative(folder, path), entry.isDirectory() ? null : readFileSync(path)] as const;
  });
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Puts an image into an empty folder. */
export function writeImage(folder: string, image: Image): void {
  for (const [path, content] of image) {
    if (content === null) mkdirSync(join(folder, path));
    else writeFileSync(join(folder, path), content);
  }
}

/** Equal for equal images. */
export function imageKey(image: Image): string {
  return [...image]
    .map(([path, content]) => `${path}\0${content === null ? "" : content.toString("base64")}`)
    .join("\n");
}
