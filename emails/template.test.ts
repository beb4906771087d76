import { expect, test } from "bun:test"
import { inLocale } from "./template.ts"

test("the words are those of the language asked for", () => {
  const greeting = (locale: "pt-BR" | "en") =>
    inLocale(locale, { "pt-BR": { hello: "Olá" }, en: { hello: "Hi" } })

  expect(greeting("pt-BR")).toEqual({ hello: "Olá" })
  expect(greeting("en")).toEqual({ hello: "Hi" })
})

test("a missing translation does not compile", () => {
  // @ts-expect-error no English at all
  inLocale("pt-BR", { "pt-BR": { hello: "Olá" } })

  // @ts-expect-error no English farewell
  inLocale("pt-BR", { "pt-BR": { hello: "Olá", bye: "Tchau" }, en: { hello: "Hi" } })

  // @ts-expect-error an English word that Portuguese lacks
  inLocale("pt-BR", { "pt-BR": { hello: "Olá" }, en: { hello: "Hi", bye: "Bye" } })
})
