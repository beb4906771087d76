import { describe, expect, test } from "bun:test"
import { exampleOf } from "../lib/emails/example.ts"
import { templateProps } from "../lib/emails/index.ts"
import { renderEmail } from "./render.tsx"
import { brand, english, portuguese } from "./testing.ts"

const charges = ["invoice", "payment-reminder", "payment-overdue"] as const
// As pages, prices and dates are set: the money does not part from its sign.
const plain = (text: string) => text.replaceAll("\u00a0", " ")

describe.each(charges)("%s", (name) => {
  const example = exampleOf(templateProps[name])

  test("gives the PIX code in a line of its own, to the letter", async () => {
    const pixCode =
      "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5914Fulano  de Tal6008BRASILIA62070503***6304C31C"
    const props = templateProps[name].parse({ ...example, pixCode })
    const { html, text } = await renderEmail(name, props as never, portuguese)

    expect(text.split("\n")).toContain(pixCode)
    expect(html).toContain(`>${pixCode}</pre>`)
  })

  test("says nothing of PIX when there is no code, and has the button still", async () => {
    const { pixCode: _, payeeContact: __, ...props } = example
    const { text } = await renderEmail(name, props as never, portuguese)

    expect(text).not.toMatch(/PIX|quem recebe/)
    expect(text).toContain(`Ver a fatura ${example.invoiceUrl}\n`)
  })

  test("says whom to ask when there is no code, and only then", async () => {
    const { pixCode: _, ...props } = example
    const withoutCode = await renderEmail(name, props as never, portuguese)
    expect(withoutCode.text).toContain(
      "Como pagar\n\nEsta mensagem não tem código PIX. Combine o pagamento com Imobiliária Araucária:\n\n+55 44 3025-1200 · contato@araucaria.example\n",
    )
    const { text } = await renderEmail(name, example as never, portuguese)
    expect(text).not.toContain("Como pagar")
    expect(text).toContain(
      "Dúvidas? Fale com Imobiliária Araucária: +55 44 3025-1200 · contato@araucaria.example\n",
    )
  })

  test("leads to the application when there is no invoice to see", async () => {
    const { invoiceUrl: _, ...props } = example
    const { text } = await renderEmail(name, props as never, english)
    expect(text).toContain(`Open ${brand} ${english.appUrl}\n`)
  })

  test("is about another sum than its PIX code for nobody", () => {
    const pixCode = exampleOf(
      templateProps[name === "payment-overdue" ? "invoice" : "payment-overdue"],
    ).pixCode
    const { error } = templateProps[name].safeParse({ ...example, pixCode })
    expect(error?.issues).toMatchObject([
      { path: ["pixCode"], message: "a PIX code for the sum that the mail asks for" },
    ])
  })
})

describe("the invoice", () => {
  const example = exampleOf(templateProps.invoice)

  test("adds up what is charged", async () => {
    const { subject, text } = await renderEmail("invoice", example, portuguese)
    expect(plain(subject)).toBe("Fatura do aluguel de fevereiro de 2026: R$ 1.780,00")
    expect(plain(text)).toContain(
      "Total a pagar\nR$ 1.780,00\nVencimento: terça-feira, 10 de fevereiro de 2026\n",
    )
    expect(plain(text)).toMatch(/\nDesconto de pontualidade {3}-R\$ 30,00\nTotal {22}R\$ 1\.780,00\n/)
  })

  test("is written as money and dates are in English", async () => {
    const { text } = await renderEmail("invoice", example, english)
    expect(text).toContain("Amount due\nR$1,780.00\nDue on Tuesday, February 10, 2026\n")
  })

  test("asks for something", () => {
    const items = [
      { label: "Aluguel", amountCents: 1 },
      { label: "Desconto", amountCents: -1 },
    ]
    const { error } = templateProps.invoice.safeParse({ ...example, items, pixCode: undefined })
    expect(error?.issues).toMatchObject([{ path: ["items"] }])
  })
})

describe("the notice that rent is overdue", () => {
  const example = exampleOf(templateProps["payment-overdue"])

  test("tells what it is made of, and from which rates", async () => {
    const { subject, text } = await renderEmail("payment-overdue", example, portuguese)
    expect(subject).toBe("Aluguel de fevereiro de 2026 em atraso há 5 dias")
    const rows = plain(text).replace(/ {3,}/g, " | ")
    expect(rows).toContain(
      "Aluguel de fevereiro de 2026 | R$ 1.550,00\nMulta de 10%, do condomínio 2% | R$ 155,00\nJuros de 1% ao mês | R$ 2,58\nTotal | R$ 1.707,58\n",
    )
  })

  test("says so when it is the last", async () => {
    const { subject, text } = await renderEmail(
      "payment-overdue",
      { ...example, finalNotice: true },
      portuguese,
    )
    expect(subject).toBe("Último aviso: aluguel de fevereiro de 2026 em atraso há 5 dias")
    expect(text).toContain("Este é o último aviso")
  })

  test("tells no charge that is none", async () => {
    const props = { ...example, interestCents: 0, pixCode: undefined }
    const rows = plain((await renderEmail("payment-overdue", props, portuguese)).text).replace(
      / {3,}/g,
      " | ",
    )
    expect(rows).toContain("Multa de 10%, do condomínio 2% | R$ 155,00\nTotal | R$ 1.705,00\n")
    const { text } = await renderEmail("payment-overdue", props, english)
    expect(text).toContain("Late fee of 10%, on the condominium fee 2%")
  })

  test("thanks for what was paid, and asks for the rest", async () => {
    const props = { ...example, paidCents: 55_000 }
    const { text } = await renderEmail("payment-overdue", props, portuguese)
    expect(plain(text)).toContain(
      "Recebemos R$ 550,00 do aluguel de fevereiro de 2026, que venceu em 10 de fevereiro de 2026, e falta o restante.",
    )
    expect(text).toContain("Saldo do aluguel de fevereiro de 2026")
  })
})

describe("the reminder", () => {
  const example = exampleOf(templateProps["payment-reminder"])

  test("says what is left of what was paid in part", async () => {
    const props = { ...example, paidCents: 55_000 }
    const { text } = await renderEmail("payment-reminder", props, portuguese)
    expect(plain(text)).toContain("Já recebemos R$ 550,00: falta o restante.")
    expect(plain(text)).toContain("Falta pagar\nR$ 1.780,00\n")
    expect((await renderEmail("payment-reminder", example, portuguese)).text).toContain("Valor a pagar\n")
  })
})
