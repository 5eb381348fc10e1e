/** Characters that separate indices in a name; escaped in ids, so that two rows never share one name. */
const SEPARATORS = /[%,[\]]/g;

/** `family[index,index…]`: the name of a variable or row. */
export function label(family: string, ...indices: readonly (string | number)[]): string {
  const escaped = indices.map((index) =>
    String(index).replace(SEPARATORS, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`),
  );
  return `${family}[${escaped.join(",")}]`;
}
