import { showUnseen } from "../../domain/index.js";
import { shorten } from "./text.js";

/** One line at the foot of a terminal that is written over and over. */
export interface LiveScreen {
  /** Puts this line in place of the one before. */
  readonly show: (line: string) => void;
  /** Takes the line away; more than once does no harm. */
  readonly clear: () => void;
  /** Writes a line that stays, above the live one. */
  readonly print: (line: string) => void;
}

const CLEAR_LINE = "\r\u001b[2K";

/**
 * @param write writes to the terminal at once
 * @param columns the width of the terminal now: a line that wraps cannot be cleared
 */
export function createLiveScreen(write: (text: string) => void, columns: () => number): LiveScreen {
  let current = "";
  return {
    show: (line) => {
      const fitting = shorten(showUnseen(line), Math.max(1, columns() - 1));
      if (fitting === current) return;
      current = fitting;
      write(`${CLEAR_LINE}${fitting}`);
    },
    clear: () => {
      if (current !== "") write(CLEAR_LINE);
      current = "";
    },
    print: (line) => write(current === "" ? `${line}\n` : `${CLEAR_LINE}${line}\n${current}`),
  };
}
