import { type FileFunctions, SYSTEM_FILES } from "../../src/pipeline/files/file-functions.js";

export type FileOperation = keyof FileFunctions;

/** The operations that change what stands on the disk; the others only look, or make changes last. */
export const CHANGES: ReadonlySet<FileOperation> = new Set<FileOperation>([
  ...(["makeFolder", "create", "write", "append", "link", "move", "remove"] as const),
]);

/** The file system with somebody in between who sees every operation, and may do something else in its place. */
export function interceptFiles(
  intercept: (operation: FileOperation, args: readonly unknown[], run: () => Promise<unknown>) => Promise<unknown>,
  base: FileFunctions = SYSTEM_FILES,
): FileFunctions {
  const wrapped = Object.entries(base).map(([name, perform]) => {
    const run = perform as (...args: readonly unknown[]) => Promise<unknown>;
    const operation = name as FileOperation;
    return [name, (...args: readonly unknown[]) => intercept(operation, args, () => run(...args))];
  });
  return Object.fromEntries(wrapped) as unknown as FileFunctions;
}

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}
