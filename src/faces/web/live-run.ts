import type { PageDocument } from "../../domain/schemas/index.js";
import type * as Pipeline from "../../pipeline/index.js";
import { Feed } from "./feed.js";

const LOOK_EVERY_MS = 500;

/** What the server shows: the state of a run, its versions, and the pages that listen. */
export class LiveRun {
  readonly feed = new Feed();
  #sequence = 0;
  /** Why tree or journal could not be read the last time; null: they could. */
  fault: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  readonly #cache = new Map<string, { version: string; text: string }>();

  /**
   * @param instance tells this server from one that ran before on the same port: a page that knows that one reads all again
   * @param onFault told once for each fault that is new
   */
  constructor(
    private readonly watcher: Pipeline.RunWatcher,
    private readonly instance: string,
    private readonly onFault: (message: string) => void,
  ) {}

  get version(): string {
    return `${this.instance}-${this.#sequence}`;
  }

  page(): PageDocument {
    return this.watcher.page();
  }

  /** A text of the state, made once for each version. */
  text(name: string, make: () => string): string {
    const known = this.#cache.get(name);
    if (known?.version === this.version) return known.text;
    const text = make();
    this.#cache.set(name, { version: this.version, text });
    return text;
  }

  async start(): Promise<void> {
    await this.#look();
    this.#plan();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.feed.close();
  }

  #plan(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#look().then(() => this.#plan()), LOOK_EVERY_MS);
  }

  /** Never rejects: a tree that is damaged now may be whole later. */
  async #look(): Promise<void> {
    try {
      const news = await this.watcher.look();
      this.fault = null;
      if (news.kind === "none") return;
      this.#sequence++;
      if (news.kind === "patch") this.feed.send("patch", this.version, JSON.stringify(news.patch));
      else this.feed.send("version", this.version, this.version);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== this.fault) this.onFault(message);
      this.fault = message;
    }
  }
}
