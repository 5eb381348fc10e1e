import type { PageDocument, PageWave } from "../../domain/schemas/index.js";

/** What the reader looks at. */
export interface View {
  /** Number of the wave; null: the first. */
  readonly wave: number | null;
  readonly task: string | null;
  /** Width of the schedule in screens. */
  readonly zoom: number;
  readonly query: string;
}

export interface SectionContext {
  readonly page: PageDocument;
  readonly view: View;
  /** The wave that is looked at; null where there is none. */
  readonly wave: PageWave | null;
  readonly change: (view: Partial<View>) => void;
}

/** One part of the page under a heading of its own. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** What it shows depends on this alone: where it has not changed the section stands. */
  readonly inputs: (context: SectionContext) => unknown;
  /** Null: the page has nothing to say here. */
  readonly render: (context: SectionContext) => readonly Node[] | null;
}
