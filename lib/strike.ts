import { REDACTED } from "./redact.ts"

/** Shorter ones are struck as whole words only: Ana is no part of a banana. */
const LONG = 8

/** Takes `hidden` texts out of others, in small letters or capitals, as they are or as they stand in JSON and in URLs. */
export function createStrike(hidden: string[]): (text: string) => string {
  const forms = [...new Set(hidden.flatMap(formsOf))]
    .sort((one, other) => other.length - one.length)
    .map((form) => ({ form, capitals: form.toUpperCase() }))
  return (text) => {
    const capitals = text.toUpperCase()
    // Most texts have none, and to look for each costs less than one pattern of all.
    const met = forms.filter((form) => capitals.includes(form.capitals))
    return met.length ? text.replace(new RegExp(met.map(patternOf).join("|"), "giu"), REDACTED) : text
  }
}

function formsOf(text: string): string[] {
  const encoded = encodeURIComponent(text.toWellFormed())
  return [text, JSON.stringify(text).slice(1, -1), encoded, encoded.replaceAll("%20", "+")]
}

/** What a word begins after: the last character of an escape in JSON or in a URL may look like one of its own. */
const BEGINNING = "(?<=^|[^\\p{L}\\p{N}]|\\\\[nrt]|%[\\da-f]{2})"

function patternOf({ form }: { form: string }): string {
  const literal = RegExp.escape(form)
  if (form.length >= LONG) return literal
  const before = /^[\p{L}\p{N}]/u.test(form) ? BEGINNING : ""
  const after = /[\p{L}\p{N}]$/u.test(form) ? "(?![\\p{L}\\p{N}])" : ""
  return before + literal + after
}
