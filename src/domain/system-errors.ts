import { InputError } from "./errors.js";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left",
  EFBIG: "no file may grow so large here (see ulimit -f)",
  EDQUOT: "the disk quota is used up",
  EEXIST: "something of that name is there already",
  ENOENT: "no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  EBUSY: "it is in use, perhaps as a mount point",
  EXDEV: "it lies on another file system",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "too many links",
};

/** The code of a system error, as in `ENOENT`; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** What the operating system objected to, in words where we have them. */
export function describeSystemError(error: unknown): string {
  const code = systemCode(error);
  return (code === undefined ? undefined : REASONS[code]) ?? code ?? String(error);
}

const CURES_OF_READING: Readonly<Record<string, string>> = {
  EACCES: "check its permissions",
  EPERM: "check its permissions",
  ENOENT: "check the path",
  ENOTDIR: "check the path",
  EISDIR: "give a file",
  EBUSY: "end what uses it",
  EMFILE: "close some, or raise ulimit -n",
  ENAMETOOLONG: "check the path",
  ELOOP: "it is a link that leads in a circle",
};

/** Why something could not be read, and what to do about it. */
export function describeReadError(error: unknown): string {
  const cure = CURES_OF_READING[systemCode(error) ?? ""];
  return cure === undefined ? describeSystemError(error) : `${describeSystemError(error)}; ${cure}`;
}

const CURES_OF_WRITING: Readonly<Record<string, string>> = {
  EACCES: "check the permissions of its folder",
  EPERM: "check the permissions of its folder",
  EROFS: "write elsewhere",
  ENOSPC: "make room, or write elsewhere",
  EDQUOT: "make room, or write elsewhere",
  EFBIG: "raise it, or write elsewhere",
  ENOTDIR: "check the path",
  ENOENT: "check the path",
  ELOOP: "check the path",
  ENAMETOOLONG: "check the path",
  EMFILE: "close some, or raise ulimit -n",
};

/** Why something could not be written, and what to do about it. */
export function describeWriteError(error: unknown): string {
  const cure = CURES_OF_WRITING[systemCode(error) ?? ""];
  return cure === undefined ? describeSystemError(error) : `${describeSystemError(error)}; ${cure}`;
}

/** A failed write as an InputError naming path, cause and cure; an error that is not the system's unchanged. */
export function asWriteError(error: unknown, path: string): unknown {
  if (error instanceof InputError || systemCode(error) === undefined) return error;
  return new InputError(path, `cannot be written: ${describeWriteError(error)}`, { cause: error });
}

/** The action's value. @throws InputError naming path and cause where the system refuses */
export async function writing<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw asWriteError(error, path);
  }
}
