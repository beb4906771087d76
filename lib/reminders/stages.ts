/** What a renter can be told of a payment. */
export const reminderTypes = ["upcoming", "overdue", "final-notice"] as const

export type ReminderType = (typeof reminderTypes)[number]

/** An occasion to tell somebody of a payment: so many days before it is due, or after. */
export interface Stage {
  type: ReminderType
  days: number
}

/** When an agency's renters are told of a payment, in days before and after the day until which it can be paid. */
export interface Stages {
  before: readonly number[]
  overdue: readonly number[]
  finalNotice: number | null
}

/** Days for which a stage that nobody was there to send is made up for. */
export const MAKE_UP_DAYS = 7

/** When a stage comes: so many days after the day until which the payment can be paid, below nought before it. */
const dayOf = ({ type, days }: Stage) => (type === "upcoming" ? -days : days)

/** The place of a final notice: nothing is told after it, however many days it is given at. */
const LAST = 1_000_000

/** Where a stage stands among all: none is told once a later one was. */
export const placeOf = (stage: Stage) => (stage.type === "final-notice" ? LAST : dayOf(stage))

/** An agency's stages, in the order in which they come. */
export const inOrder = ({ before, overdue, finalNotice }: Stages): Stage[] =>
  [
    ...before.map((days) => ({ type: "upcoming" as const, days })),
    ...overdue.map((days) => ({ type: "overdue" as const, days })),
    ...(finalNotice === null ? [] : [{ type: "final-notice" as const, days: finalNotice }]),
  ].sort((one, other) => dayOf(one) - dayOf(other))

/**
 * The stage that a payment is at, so many days overdue (before that, below nought): the latest that has come. One that was missed is made up for as
 * long as no other has come, a reminder until the payment is due, a notice for a week. `sent` is the place of the latest that was sent.
 */
export function stageDue(
  stages: Stages,
  daysOverdue: number,
  sent = Number.NEGATIVE_INFINITY,
): Stage | undefined {
  const stage = inOrder(stages).findLast((each) => dayOf(each) <= daysOverdue)
  if (!stage || placeOf(stage) <= sent) return undefined
  const until = stage.type === "upcoming" ? 0 : stage.days + MAKE_UP_DAYS
  return daysOverdue <= until ? stage : undefined
}
