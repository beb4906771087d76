import type { Locale } from "../../lib/locale.ts"

/** Whether whoever asks would rather read a page than JSON: a browser says so, and hardly anything else. */
export const readsPages = ({ headers }: Request): boolean =>
  (headers.get("accept") ?? "")
    .split(",")
    .some((range) => /^\s*text\/html\s*(?:;|$)/i.test(range) && !/;\s*q=0(?:\.0*)?\s*(?:;|$)/i.test(range))

/** The language of whoever has no link that would tell. */
export const languageOf = ({ headers }: Request): Locale =>
  /^\s*en\b/i.test(headers.get("accept-language") ?? "") ? "en" : "pt-BR"
