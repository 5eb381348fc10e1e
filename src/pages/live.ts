import type { PageDocument, PagePatch } from "../domain/schemas/index.js";
import { applyPatch, isNext } from "./elements/patch.js";

/** Where a page that is served hears of new states, and the version of the one in its HTML. */
interface Source {
  readonly events: string;
  readonly version: string;
}

export interface LiveListener {
  readonly page: () => PageDocument;
  readonly replace: (page: PageDocument) => void;
  /** Null: the server answers. */
  readonly tellTrouble: (message: string | null) => void;
}

/** Null where the page is a file. */
export function liveSource({ dataset }: HTMLElement): Source | null {
  const { live, version } = dataset;
  return live === undefined || version === undefined ? null : { events: live, version };
}

/**
 * Follows the server: a patch is taken in, any other change has the whole read again. The browser connects again by itself;
 * a server that was started anew has other versions.
 */
export function follow({ events, version }: Source, listener: LiveListener): void {
  let known = version;
  let isReading = false;
  const read = async (): Promise<void> => {
    if (isReading) return;
    isReading = true;
    try {
      const response = await fetch("page.json");
      const answer = (await response.json()) as { version: string; page: PageDocument };
      known = answer.version;
      listener.replace(answer.page);
      listener.tellTrouble(null);
    } catch {
      listener.tellTrouble("The server does not answer; trying again.");
    } finally {
      isReading = false;
    }
  };
  const source = new EventSource(events);
  source.addEventListener("open", () => listener.tellTrouble(null));
  source.addEventListener("error", () => listener.tellTrouble("The server does not answer; trying again."));
  source.addEventListener("version", ({ data }: MessageEvent<string>) => {
    if (data !== known) void read();
  });
  source.addEventListener("patch", ({ data, lastEventId }: MessageEvent<string>) => {
    // A patch says what changed since the version before: of any other one, the whole is needed.
    if (isReading || !isNext(known, lastEventId)) return void read();
    known = lastEventId;
    listener.replace(applyPatch(listener.page(), JSON.parse(data) as PagePatch));
  });
}
