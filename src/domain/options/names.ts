/** How one name is spelt on each side: `timeLimitMs` in the library, `time_limit_ms` in documents, `--time-limit` as a flag. */

export type SnakeCase<S extends string> = S extends `${infer C}${infer Rest}`
  ? `${C extends Lowercase<C> ? C : `_${Lowercase<C>}`}${SnakeCase<Rest>}`
  : S;

type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

type WordOf<Flag extends string> = Flag extends `--${infer Word} <${string}`
  ? Word
  : Flag extends `--${infer Word}`
    ? Word
    : never;

/** Name of a flag among the parsed ones: `timeLimit` of `--time-limit <duration>`, `defer` of `--no-defer`. */
export type AttributeOf<Flag extends string> =
  WordOf<Flag> extends `no-${infer Word}` ? CamelCase<Word> : CamelCase<WordOf<Flag>>;

export function snakeCase<S extends string>(name: S): SnakeCase<S> {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) as SnakeCase<S>;
}

/** `--time-limit` of `--time-limit <duration>`. */
export function longOf(flag: string): string {
  return flag.split(" ")[0]!;
}

export function isNegative(flag: string): boolean {
  return flag.startsWith("--no-");
}

export function attributeOf<F extends string>(flag: F): AttributeOf<F> {
  const word = longOf(flag).replace(/^--(no-)?/, "");
  return word.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) as AttributeOf<F>;
}
