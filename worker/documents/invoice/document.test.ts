import { beforeEach, describe, expect, test } from "bun:test"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import fc from "fast-check"
import { type Invoice, type InvoiceRequest, issueInvoice } from "../../../db/invoices.ts"
import { emptyRentals, letHome } from "../../../db/testing-rentals.ts"
import { pixCodeFor } from "../../../lib/pix-code.ts"
import { unlikeness } from "../../../sandbox/grey-png.ts"
import { askPoppler, hasPoppler, pictureOf } from "../../../sandbox/poppler.ts"
import { qrCodeOn } from "../../../sandbox/qr.ts"
import { invoicePdf } from "./document.ts"

beforeEach(emptyRentals)

async function issue(home: Parameters<typeof letHome>[0] = {}, more: Partial<InvoiceRequest> = {}) {
  const { paymentId } = await letHome(home)
  return await issueInvoice({ paymentId, issuedBy: "admin", ...more }, new Date("2026-02-02T15:00:00Z"))
}

async function drawn(invoice: Invoice): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of invoicePdf(invoice)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The text of an invoice as it is read out, each run of white space as one space. */
async function textOf(invoice: Invoice) {
  const structure = await askPoppler("pdfinfo", await drawn(invoice), "-struct-text")
  const said = [...structure.matchAll(/^ +"([\s\S]*?)"$/gm)].map(([, text]) => text)
  return said.join(" ").replaceAll(/\s+/g, " ")
}

/** A part of the page that may differ: a line of text is more. */
const LIKE = 0.002

const manyParts = {
  contract: { graceDays: 3, lateFeePercent: 10 },
  payment: {
    condoCents: 41_000,
    iptuCents: 8_000,
    extraCents: 12_000,
    extraDescription: "Taxa de mudança",
    discountCents: 3_000,
  },
}

describe.skipIf(!hasPoppler)("the PDF of an invoice", () => {
  test("says who pays whom, what for, how much and until when", async () => {
    const text = await textOf(await issue(manyParts, { notes: "Obrigado por pagar em dia!\nAté março." }))
    for (const said of [
      "Imobiliária Araucária Araucária Administradora de Imóveis Ltda · CNPJ 18.452.096/0001-94 · CRECI J-06.412",
      "Rua XV de Novembro, 1234, ap. 52, Zona 01, Maringá/PR, 87013-230",
      "Fatura 2026-000001 Emitida em 2 de fevereiro de 2026",
      "Aluguel de fevereiro de 2026",
      "Total a pagar R$ 2.130,00",
      "Pagar até terça-feira, 10 de fevereiro de 2026",
      "Pagador Ana Beatriz Moreira CPF 529.982.247-25",
      "Administra o imóvel de Antônio Carlos Bertolini",
      "Aluguel R$ 1.550,00",
      "Condomínio R$ 410,00",
      "IPTU R$ 80,00",
      "Taxa de mudança R$ 120,00",
      "Desconto -R$ 30,00",
      "Passados 3 dias de carência: multa de 10% (condomínio: 2%) e juros de 1% ao mês",
      "Observações Obrigado por pagar em dia! Até março.",
    ])
      expect(text).toContain(said)
  })

  test("shows the PIX code as a QR code that is read, and as a text that is copied, whole", async () => {
    const invoice = await issue(manyParts)
    const pdf = await drawn(invoice)
    expect(await qrCodeOn(pdf, 1)).toBe(invoice.pixCode!)
    expect((await askPoppler("pdftotext", pdf)).replaceAll("\n", "")).toContain(invoice.pixCode!)
    expect(pdf.toString("latin1")).toContain(`/ActualText (${invoice.pixCode})`)
  })

  test("shows a code that is read whatever the payee is called and however much it is", async () => {
    const invoice = await issue()
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme", minLength: 1 }),
        fc.integer({ min: 1, max: 1e11 }),
        async (name, cents) => {
          const pixCode = pixCodeFor({
            key: `${"a".repeat(60)}@example.com`,
            name,
            city: name,
            amountCents: cents,
            txid: "2026000001",
          })
          expect(await qrCodeOn(await drawn({ ...invoice, pixCode }), 1)).toBe(pixCode)
        },
      ),
      { numRuns: 25, examples: [["0i ^def", 1]] },
    )
  })

  // To be looked at when they are to change, and then made anew: UPDATE_PICTURES=1 bun test worker/documents/invoice
  test("looks as it did, with a PIX code and without", async () => {
    const pictures = {
      "with-code": await pictureOf(await drawn(await issue(manyParts)), 1),
      "without-code": await pictureOf(await drawn(await issue({ agency: { pixKey: null } })), 1),
    }
    const path = (name: string) => join(import.meta.dir, "pictures", `${name}.png`)
    for (const [name, picture] of Object.entries(pictures)) {
      if (process.env.UPDATE_PICTURES) await writeFile(path(name), picture)
      expect(unlikeness(picture, await readFile(path(name)))).toBeLessThan(LIKE)
    }
    expect(unlikeness(pictures["with-code"], await readFile(path("without-code")))).toBeGreaterThan(10 * LIKE)
  })

  test("says in English what it is asked to", async () => {
    const text = await textOf(await issue(manyParts, { locale: "en" }))
    for (const said of [
      "Rent of February 2026",
      "Amount due R$2,130.00",
      "Pay by Tuesday, February 10, 2026",
    ])
      expect(text).toContain(said)
  })

  test("is told to who cannot see it: title, language, heading, table, and what the picture is", async () => {
    const pdf = await drawn(await issue())
    const info = await askPoppler("pdfinfo", pdf)
    expect(info).toMatch(/Title: +Fatura 2026-000001 · Imobiliária Araucária\n/)
    expect(info).toMatch(/Tagged: +yes\n/)
    expect(info).toMatch(/Pages: +1\n/)
    expect(pdf.toString("latin1")).toContain("/Lang (pt-BR)")
    const structure = await askPoppler("pdfinfo", pdf, "-struct-text")
    expect(structure).toMatch(/H1 \(block\)\s+"Aluguel de fevereiro de 2026"/)
    expect(structure).toMatch(/Figure/)
    expect(structure).toMatch(/TD\s+"R\$\s1\.550,00"/)
  })

  test("of an agency without a PIX key has no code, and says whom to ask", async () => {
    const invoice = await issue({ agency: { pixKey: null } })
    const pdf = await drawn(invoice)
    expect(await qrCodeOn(pdf, 1)).toBeUndefined()
    const text = (await askPoppler("pdftotext", pdf)).replaceAll(/\s+/g, " ")
    expect(text).toContain(
      "Combine o pagamento com Imobiliária Araucária: esta fatura não tem código PIX. · +55 44 3025-1200",
    )
    expect(text).not.toContain("copia e cola")
  })

  test("of a home without a condominium says nothing of its fee", async () => {
    const text = await textOf(await issue({ contract: { lateFeePercent: 10 } }))
    expect(text).toContain("Multa de 10% e juros de 1% ao mês por dia de atraso")
    expect(text).not.toMatch(/condomínio/i)
  })

  test("of a renter without documents says that there are none", async () => {
    expect(await textOf(await issue({ renter: { taxId: null } }))).toContain(
      "Ana Beatriz Moreira CPF/CNPJ não informado",
    )
  })

  test("of an agency of which little is known has no empty signs", async () => {
    const nothing = Object.fromEntries(
      [
        "legalName",
        "cnpj",
        "creci",
        "email",
        "phone",
        "street",
        "number",
        "complement",
        "district",
        "city",
        "uf",
        "zipCode",
        "pixKey",
      ].map((name) => [name, null]),
    )
    const text = await textOf(await issue({ agency: nothing }))
    expect(text).not.toMatch(/null|undefined|· ·|, ,|· Fatura/)
    expect(text).toContain("Recebedor Imobiliária Araucária CPF/CNPJ não informado")
  })

  test("keeps its places with names of 5,000 characters, of other scripts and of signs", async () => {
    const long = "Joaquim José da Silva Xavier ".repeat(172)
    for (const name of [
      long,
      "W".repeat(5_000),
      "محمد الخطيب ".repeat(400),
      "😀".repeat(2_500),
      "שלום עולם 😀 Ana",
    ]) {
      const invoice = await issue({
        ...manyParts,
        renter: { name },
        agency: { name, legalName: name, street: name },
        payment: { ...manyParts.payment, extraDescription: name, discountDescription: name },
      })
      const pdf = await drawn(invoice)
      expect(await askPoppler("pdfinfo", pdf)).toMatch(/Pages: +1\n/)
      expect(await qrCodeOn(pdf, 1)).toBe(invoice.pixCode!)
      expect((await askPoppler("pdftotext", pdf)).replaceAll(/\s+/g, " ")).toContain("R$ 2.130,00")
      await emptyRentals()
    }
  }, 120_000)

  test("says which invoice it takes the place of, and why", async () => {
    const { paymentId } = await letHome()
    const at = (day: string, corrects?: InvoiceRequest["corrects"]) =>
      issueInvoice({ paymentId, issuedBy: "admin", corrects }, new Date(`${day}T15:00:00Z`))
    const first = await at("2026-02-02")
    const text = await textOf(await at("2026-02-12", { invoiceId: first.id, reason: "Segunda via" }))
    expect(text).toContain("Esta fatura substitui a de número 2026-000001. Motivo: Segunda via")
    expect(text).toContain("Multa por atraso de 2% R$ 31,00 Juros de 1% ao mês, 2 dias R$ 1,03")
    expect(text).toContain(
      "quinta-feira, 12 de fevereiro de 2026 Vencimento no contrato: 10 de fevereiro de 2026",
    )
  })
})

test("the same invoice has the same bytes", async () => {
  const invoice = await issue(manyParts)
  expect((await drawn(invoice)).equals(await drawn(structuredClone(invoice)))).toBe(true)
})
