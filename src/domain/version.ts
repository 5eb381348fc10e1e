/** Version of this package. `npm version` writes it here too: a bundle of a caller has no package.json of ours to read. */
export const PACKAGE_VERSION = "0.1.0";
