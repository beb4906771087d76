/** What JSON can say and PostgreSQL's jsonb refuses: NUL and halves of surrogate pairs. An escaped backslash is passed over. */
const REFUSED = /\\(?:\\|u(?:0000|d[89a-f][0-9a-f]{2}))/g

/** JSON that PostgreSQL takes, with a replacement character for what it does not. */
export function asJson(value: unknown): string {
  const json = JSON.stringify(value)
  return json.includes("\\u")
    ? json.replace(REFUSED, (found) => (found === "\\\\" ? found : "\\ufffd"))
    : json
}
