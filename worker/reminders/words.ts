import { formatCount, formatDate, formatMoney, formatMonth } from "../../lib/format.ts"
import type { Locale } from "../../lib/locale.ts"
import type { ReminderType } from "../../lib/reminders/stages.ts"

/** What a notification is about. */
interface Said {
  type: ReminderType
  referenceMonth: string
  dueDate: string
  daysOverdue: number
  amountCents: number
}

interface Words {
  title: string
  message: string
}

/** What a renter reads in a notification. */
export function renterWords(locale: Locale, { type, ...said }: Said): Words {
  const { month, due, late, amount } = formatted(locale, said)
  if (locale === "en") {
    if (type === "upcoming")
      return { title: `Your rent is due on ${due}`, message: `${amount} for ${month}.` }
    return {
      title: type === "overdue" ? "Your rent is overdue" : "Final notice: your rent is overdue",
      message: `The rent for ${month} is ${late} overdue. If paid today: ${amount}.`,
    }
  }
  if (type === "upcoming")
    return { title: `Seu aluguel vence em ${due}`, message: `${amount}, referente a ${month}.` }
  return {
    title: type === "overdue" ? "Seu aluguel está em atraso" : "Último aviso: seu aluguel está em atraso",
    message: `O aluguel de ${month} está em atraso há ${late}. Para pagamento hoje: ${amount}.`,
  }
}

/** Why an agency has to see to rent itself. */
export type FollowUp = "final-notice" | "unreachable"

/** What an agency's people read in a notification. */
export function agencyWords(
  locale: Locale,
  reason: FollowUp,
  {
    renterName,
    contractNumber,
    ...said
  }: Omit<Said, "type"> & { renterName: string; contractNumber: string },
): Words {
  const { month, due, late, amount } = formatted(locale, said)
  const isLate = said.daysOverdue > 0
  if (locale === "en")
    return {
      title: reason === "final-notice" ? "The final notice is sent" : "The tenant could not be told",
      message: `${renterName}, contract ${contractNumber}: rent for ${month}, ${isLate ? `${late} overdue` : `due on ${due}`}, ${amount}.`,
    }
  return {
    title: reason === "final-notice" ? "O último aviso foi enviado" : "O inquilino não pôde ser avisado",
    message: `${renterName}, contrato ${contractNumber}: aluguel de ${month}, ${isLate ? `em atraso há ${late}` : `que vence em ${due}`}, ${amount}.`,
  }
}

const formatted = (
  locale: Locale,
  { referenceMonth, dueDate, daysOverdue, amountCents }: Omit<Said, "type">,
) => ({
  month: formatMonth(referenceMonth, locale),
  due: formatDate(dueDate, locale),
  late: formatCount(daysOverdue, "day", locale),
  amount: formatMoney(amountCents, locale),
})
