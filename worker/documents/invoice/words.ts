import type { Invoice } from "../../../db/invoices.ts"
import { clip } from "../../../lib/clip.ts"
import { formatCount, formatDate, formatMonth, formatPercent } from "../../../lib/format.ts"
import type { Locale } from "../../../lib/locale.ts"

type Said = Pick<Invoice, "number" | "content" | "dueDate">

/** Most characters of a name within a sentence. */
const NAME = 80

/** What the document of an invoice says, in its language. */
export const wordsOf = (invoice: Said) => inLocale[invoice.content.locale](invoice)

const inLocale = {
  "pt-BR": ({ number, content, dueDate }: Said) => {
    const { contract, corrects } = content
    const [name, payee, landlord] = namesIn(content)
    const day = (date: string) => formatDate(date, "pt-BR")
    const percent = (rate: number) => formatPercent(rate, "pt-BR")
    return {
      title: `Fatura ${number}`,
      invoice: "Fatura",
      subject: `Aluguel de ${formatMonth(content.referenceMonth, "pt-BR")}`,
      contract: `Contrato ${contract.number}`,
      property: `Imóvel ${content.property.code}`,
      total: "Total a pagar",
      until: "Pagar até",
      due: formatDate(dueDate, "pt-BR", "full"),
      contractDue: `Vencimento no contrato: ${day(content.contractDueDate)}`,
      issued: (date: string) => `Emitida em ${day(date)}`,
      payer: "Pagador",
      payee: "Recebedor",
      noDocument: "CPF/CNPJ não informado",
      onBehalf: `Administra o imóvel de ${landlord}`,
      items: "O que está sendo cobrado",
      item: "Descrição",
      amount: "Valor",
      sum: "Total",
      scan: "Pague com PIX",
      qr: "Código QR do PIX desta fatura",
      copy: "PIX copia e cola",
      how: `Aponte a câmera do aplicativo do seu banco para o código QR, ou copie e cole o código inteiro. Antes de confirmar, veja se quem recebe é ${payee}.`,
      noPix: ["Como pagar", `Combine o pagamento com ${name}: esta fatura não tem código PIX.`],
      late: "Depois do vencimento",
      lateTerms: (hasPix: boolean) =>
        [
          contract.graceDays > 0
            ? `Passados ${formatCount(contract.graceDays, "day", "pt-BR")} de carência: multa`
            : "Multa",
          ` de ${percent(contract.lateFeePercent)}`,
          hasCondo(content) ? ` (condomínio: ${percent(contract.condoLateFeePercent)})` : "",
          ` e juros de `,
          `${percent(contract.interestPercentMonth)} ao mês por dia de atraso, conforme o contrato. `,
          hasPix
            ? "O código PIX vale para o total desta fatura: depois da data, peça outra."
            : "Depois da data, peça outra fatura.",
        ].join(""),
      corrects:
        corrects && `Esta fatura substitui a de número ${corrects.number}. Motivo: ${corrects.reason}`,
      notes: "Observações",
    }
  },
  en: ({ number, content, dueDate }: Said) => {
    const { contract, corrects } = content
    const [name, payee, landlord] = namesIn(content)
    const day = (date: string) => formatDate(date, "en")
    const percent = (rate: number) => formatPercent(rate, "en")
    return {
      title: `Invoice ${number}`,
      invoice: "Invoice",
      subject: `Rent of ${formatMonth(content.referenceMonth, "en")}`,
      contract: `Contract ${contract.number}`,
      property: `Property ${content.property.code}`,
      total: "Amount due",
      until: "Pay by",
      due: formatDate(dueDate, "en", "full"),
      contractDue: `Due by the contract: ${day(content.contractDueDate)}`,
      issued: (date: string) => `Issued on ${day(date)}`,
      payer: "Payer",
      payee: "Payee",
      noDocument: "No CPF/CNPJ given",
      onBehalf: `Manages the property of ${landlord}`,
      items: "What you are charged for",
      item: "Description",
      amount: "Amount",
      sum: "Altogether",
      scan: "Pay with PIX",
      qr: "QR code of this invoice's PIX",
      copy: "PIX copia e cola",
      how: `Point the camera of your bank's app at the QR code, or copy and paste the whole code. Before you confirm, make sure that the money goes to ${payee}.`,
      noPix: ["How to pay", `Agree on the payment with ${name}: this invoice has no PIX code.`],
      late: "After the due date",
      lateTerms: (hasPix: boolean) =>
        [
          contract.graceDays > 0
            ? `After ${formatCount(contract.graceDays, "day", "en")} of grace: a late fee`
            : "A late fee",
          ` of ${percent(contract.lateFeePercent)}`,
          hasCondo(content) ? ` (condominium fee: ${percent(contract.condoLateFeePercent)})` : "",
          ` and interest of `,
          `${percent(contract.interestPercentMonth)} a month by the day, as the contract says. `,
          hasPix
            ? "The PIX code is for this invoice's total: after the date, ask for another."
            : "After the date, ask for another invoice.",
        ].join(""),
      corrects: corrects && `This invoice replaces number ${corrects.number}. Reason: ${corrects.reason}`,
      notes: "Notes",
    }
  },
} satisfies Record<Locale, unknown>

const hasCondo = ({ items }: Invoice["content"]) => items.some(({ kind }) => kind === "condo")

const namesIn = ({ agency, landlord }: Invoice["content"]) =>
  [agency.name, agency.legalName ?? agency.name, landlord.name].map((name) => clip(name, NAME)) as [
    string,
    string,
    string,
  ]

export type Words = ReturnType<typeof wordsOf>
