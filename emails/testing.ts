import type { Sender } from "./template.ts"

/** Who writes the mails of the tests. */
export const brand = "ImobiBase"
export const portuguese: Sender = { locale: "pt-BR", brand, appUrl: "https://app.example.com" }
export const english: Sender = { ...portuguese, locale: "en" }
