export type { SolveResult } from "./domain/result.js";
