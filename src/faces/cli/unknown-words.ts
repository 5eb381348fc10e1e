import { InputError, suggestNearest } from "../../domain/index.js";

/** The error for an option value that is not one of the choices. */
export function unknownValue(place: string, word: string, choices: readonly string[]): InputError {
  return new InputError(
    place,
    `"${word}" is not one of ${choices.join(", ")}; ${suggestNearest(word.toLowerCase(), choices)}`,
  );
}

/** The error for an option the command does not have; there are too many to list. */
export function unknownOption(flag: string, command: string, choices: readonly string[]): InputError {
  const word = flag.toLowerCase();
  // One letter is the first of the word that it stands for elsewhere.
  const meant = /^-[a-z]$/.test(word) ? choices.filter((choice) => choice.startsWith(`-${word}`)) : [];
  const cure =
    meant.length === 1 ? `did you mean "${meant[0]!}"?` : suggestNearest(word, meant.length > 0 ? meant : choices);
  return new InputError(command, `unknown option "${flag}"; ${cure}`);
}

/** The error for a command that does not exist. */
export function unknownCommand(word: string, choices: readonly string[]): InputError {
  return new InputError(
    "phase19",
    `unknown command "${word}", not one of ${choices.join(", ")}; ${suggestNearest(word.toLowerCase(), choices)}`,
  );
}
