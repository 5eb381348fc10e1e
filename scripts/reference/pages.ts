import { commandsPage } from "./commands-page.js";
import { documentsPage } from "./documents-page.js";
import { optionsPage } from "./options-page.js";
import { inputsModule } from "./types/typescript.js";

/** The pages of the reference, and the types and schemas that are shipped, by path: each from its one source. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "docs/reference/options.md": optionsPage,
  "docs/reference/commands.md": commandsPage,
  "docs/reference/documents.md": documentsPage,
  "src/domain/inputs.ts": inputsModule,
};
