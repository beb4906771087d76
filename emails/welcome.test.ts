import { expect, test } from "bun:test"
import { exampleOf } from "../lib/emails/example.ts"
import { welcomeProps } from "../lib/emails/welcome.ts"
import { renderEmail } from "./render.tsx"
import { brand, portuguese } from "./testing.ts"

test("links to the login page", async () => {
  const { text } = await renderEmail("welcome", exampleOf(welcomeProps), portuguese)
  expect(text).toContain("Acessar minha conta https://app.example.com/login\n")
})

test("links to the application when there is no login page", async () => {
  const { text } = await renderEmail("welcome", { userName: "Ana" }, portuguese)
  expect(text).toContain(`Acessar minha conta ${portuguese.appUrl}\n`)
})

test("has no button when there is nowhere to go", async () => {
  const { html } = await renderEmail("welcome", { userName: "Ana" }, { locale: "pt-BR", brand })
  expect(html).not.toContain("<a ")
})
