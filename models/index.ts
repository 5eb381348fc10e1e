export * from "./instance.js";
export * from "./program.js";
