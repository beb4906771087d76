import { describe, expect, test } from "bun:test"
import { exampleOf } from "../lib/emails/example.ts"
import { templateProps } from "../lib/emails/index.ts"
import { renderEmail } from "./render.tsx"
import { english, portuguese } from "./testing.ts"

const example = exampleOf(templateProps["rent-follow-up"])
const plain = (text: string) => text.replaceAll("\u00a0", " ")

describe("the mail to an agency that has to see to rent itself", () => {
  test("says that the final notice is sent, to whom, and of what", async () => {
    const { subject, text } = await renderEmail("rent-follow-up", example, portuguese)
    expect(subject).toBe("Último aviso enviado: contrato 2025/102, aluguel de fevereiro de 2026")
    expect(plain(text)).toContain(
      "Olá, Imobiliária Araucária! O último aviso do aluguel de fevereiro de 2026, em atraso há 30 dias, foi enviado hoje a Ana Beatriz Moreira.",
    )
    expect(plain(text)).toContain("Valor atualizado\nR$ 1.596,50\nPara pagamento em 12 de março de 2026\n")
    expect(text).toMatch(/Contato +\+55 44 99911-2200 · ana@example\.com/)
    expect(text).toContain("Ver o contrato https://app.example.com/contracts/102\n")
  })

  test("says that the renter cannot be told, of what is due and of what is overdue", async () => {
    const unreachable = { ...example, reason: "unreachable" as const }
    const overdue = await renderEmail("rent-follow-up", unreachable, english)
    expect(overdue.subject).toBe("Tenant out of reach: contract 2025/102, rent for February 2026")
    expect(overdue.text).toContain(
      "which is 30 days overdue: an email address that takes notices is missing.",
    )
    const upcoming = await renderEmail("rent-follow-up", { ...unreachable, daysOverdue: 0 }, english)
    expect(upcoming.text).toContain("which is due on February 10, 2026: an email address")
    expect(upcoming.text).toContain("Amount due\nR$1,596.50\nDue on February 10, 2026\n")
  })
})
