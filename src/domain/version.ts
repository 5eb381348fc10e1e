import { createRequire } from "node:module";

/** The package names itself, so the path is the same from the sources, from `dist` and from a bundle. */
const manifest = createRequire(import.meta.url)("phase19-optimizer/package.json") as { readonly version: string };

/** Version of this package. */
export const PACKAGE_VERSION = manifest.version;
