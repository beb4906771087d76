import { REDACTED } from "./redact.ts"

/** Shorter ones are struck as whole words only: Ana is no part of a banana. */
const LONG = 8

/**
 * Takes `hidden` texts out of others, in small letters or capitals, however accents are composed, as they are or as they stand
 * in JSON and in URLs; and long numbers, such as those of telephones, however they are spaced.
 */
export function createStrike(hidden: string[]): (text: string) => string {
  const composed = hidden.map((text) => text.normalize("NFC"))
  const forms = [...new Set(composed.flatMap(formsOf))]
    .sort((one, other) => other.length - one.length)
    .map((form) => ({ form, capitals: form.toUpperCase() }))
  const numbers = [...new Set(composed.flatMap(numbersOf))]
  return (given) => {
    const text = given.normalize("NFC")
    const capitals = text.toUpperCase()
    const digits = numbers.length ? text.replace(/\D+/g, "") : ""
    // Most texts have none, and to look for each costs less than one pattern of all.
    const met = [
      ...forms.filter((form) => capitals.includes(form.capitals)).map(patternOf),
      ...numbers.filter((number) => digits.includes(number)).map(spaced),
    ]
    return met.length ? text.replace(new RegExp(met.join("|"), "giu"), REDACTED) : text
  }
}

function formsOf(text: string): string[] {
  const encoded = [text, text.normalize("NFD")].map((form) => encodeURIComponent(form.toWellFormed()))
  return [
    text,
    JSON.stringify(text).slice(1, -1),
    ...encoded.flatMap((form) => [form, form.replaceAll("%20", "+")]),
  ]
}

/** The digits of a text that is one number of ten or more; those of a Brazilian telephone without the country's. */
function numbersOf(text: string): string[] {
  if (!/^\+?[\d\s()./-]{10,30}$/.test(text)) return []
  const digits = text.replace(/\D+/g, "")
  const number = digits.length > 11 ? digits.replace(/^55/, "") : digits
  return number.length >= 10 ? [number] : []
}

const spaced = (number: string) => [...number].join("[\\s()./-]{0,3}")

/** What a word begins after: the last character of an escape in JSON or in a URL may look like one of its own. */
const BEGINNING = "(?<=^|[^\\p{L}\\p{M}\\p{N}]|\\\\[nrt]|%[\\da-f]{2})"

function patternOf({ form }: { form: string }): string {
  const literal = RegExp.escape(form)
  if (form.length >= LONG) return literal
  const before = /^[\p{L}\p{N}]/u.test(form) ? BEGINNING : ""
  const after = /[\p{L}\p{M}\p{N}]$/u.test(form) ? "(?![\\p{L}\\p{M}\\p{N}])" : ""
  return before + literal + after
}
