import { InputError } from "../../../domain/index.js";

/**
 * User and password of an address, as they are meant.
 *
 * @throws InputError where one of them has a % that escapes nothing; neither is quoted
 */
export function decodeSecret(
  { username, password }: Pick<URL, "username" | "password">,
  place: string,
): { readonly username: string; readonly password: string } {
  try {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch (error) {
    const rule = "has a % in its user or password that is no escape; write %25 for it";
    throw new InputError(place, rule, { cause: error });
  }
}
