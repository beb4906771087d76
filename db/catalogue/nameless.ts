/** Texts and names, which are left as they are, and an empty name, with what it is said to be of. */
const TOKENS = /'(?:[^']|'')*'|(?:[\w$]+\.|"(?:[^"]|"")+"\.)?""|"(?:[^"]|"")+"/g

/**
 * The definition of a function as PostgreSQL takes it in. An argument without a name, beside others that have one, it writes as
 * `""` into a body of SQL (and so does pg_dump), which is no name at all; `place` is that of the argument.
 */
export const withPlace = (definition: string, place: number): string =>
  definition.replaceAll(TOKENS, (token) => (/(?:^|\.)""$/.test(token) ? `$${place}` : token))
