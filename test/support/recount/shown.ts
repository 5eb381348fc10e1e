/** Whether a shown number is this value, rounded as it is shown; `–` is no value. */
export function isShownAs(text: string, value: number | null): boolean {
  if (text.trim() === "–") return value === null;
  const shown = /^([+-]?\d+(?:\.\d+)?)( %| ms| s| min \d+ s)?$/.exec(text.trim());
  if (shown === null || value === null) return false;
  const [, digits = "", unit = ""] = shown;
  const scaled = unit === " %" ? 100 * value : unit === " s" ? value / 1000 : value;
  if (unit.startsWith(" min")) {
    const [, seconds = "0"] = / min (\d+) s/.exec(unit) ?? [];
    return Math.abs(value / 1000 - 60 * Number(digits) - Number(seconds)) <= 0.5 + 1e-9;
  }
  const decimals = /\.(\d+)$/.exec(digits)?.[1]?.length ?? 0;
  // Four significant digits drop zeros at the end, so a short number may stand for a longer one that ends in zeros.
  const unitInLast = decimals === 0 && Math.abs(scaled) >= 1 ? 1 : 10 ** -decimals;
  const precision = Math.max(unit === "" ? 10 ** (Math.floor(Math.log10(Math.abs(scaled) || 1)) - 3) : 0, 0);
  return Math.abs(Number(digits) - scaled) <= (unit === "" ? Math.max(precision, 1e-12) : unitInLast) / 2 + 1e-9;
}

/** The tables of a Markdown text, each with its titles and rows of cells. */
export function tablesOf(
  markdown: string,
): { readonly titles: readonly string[]; readonly rows: readonly string[][] }[] {
  const blocks = markdown.split(/\n{2,}/).filter((block) => block.startsWith("|"));
  return blocks.map((block) => {
    const lines = block
      .trim()
      .split("\n")
      .map((line) =>
        line
          .slice(1, -1)
          .split(/(?<!\\)\|/)
          .map((cell) => cell.trim()),
      );
    return { titles: lines[0]!, rows: lines.slice(2) };
  });
}
