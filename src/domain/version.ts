import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

function readVersion(): string {
  // From src/domain in a checkout and from dist/src/domain in the package: the manifest is two or three folders up.
  const isBuilt = import.meta.url.endsWith(".js");
  const manifest = require(isBuilt ? "../../../package.json" : "../../package.json") as { readonly version: string };
  return manifest.version;
}

/** Version of this package. */
export const PACKAGE_VERSION = readVersion();
