import { afterAll, beforeAll } from "bun:test"
import { addRecipients, countOutcomes, type Recipient } from "../../db/mailing-recipients.ts"
import { addMailing, decide, findMailing, MAILING_CHANNEL, type NewMailing } from "../../db/mailings.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueOf } from "../../lib/queues.ts"
import { world } from "../../sandbox/testing.ts"
import { createLedger } from "../ledger/ledger.ts"
import { keepOutbox } from "../outbox/keep.ts"
import { startWorkers } from "../workers.ts"
import { keepMailings } from "./keep.ts"

/** For the tests of a file: a database of their own, and no mail left in the queue after them. */
export function useOwnMail() {
  let goBack: () => Promise<void>
  beforeAll(async () => {
    goBack = await moveToOwnDatabase()
  })
  afterAll(async () => {
    await queueOf(email).obliterate({ force: true })
    await goBack()
  })
}

/** Addresses that nobody else has. */
export const people = (count: number) => {
  const group = crypto.randomUUID()
  return Array.from({ length: count }, (_, index) => `p${index}.${group}@example.com`)
}

/** A mailing with these recipients, as it is put down. */
export async function draft(recipients: (string | Recipient)[], over: Partial<NewMailing> = {}) {
  const added = await addMailing({
    key: null,
    agencyId: null,
    template: "newsletter",
    list: "newsletter",
    subject: null,
    sender: null,
    locale: "pt-BR",
    data: { title: "Novidades", paragraphs: ["Tudo bem?"] },
    perMinute: 100_000,
    createdBy: "test",
    ...over,
  })
  const { id } = added!.mailing
  const rows = recipients.map((one) =>
    typeof one === "string" ? { email: one, locale: null, data: { userName: one.split(".")[0]! } } : one,
  )
  for (let first = 0; first < rows.length; first += 1_000)
    await addRecipients(id, rows.slice(first, first + 1_000))
  return id
}

/** A mailing under way. */
export async function started(...given: Parameters<typeof draft>) {
  const id = await draft(...given)
  await decide(id, "start", { actor: "test" })
  return id
}

export const statusOf = async (id: number) => (await findMailing(id))?.status

export const outcomesOf = async (id: number) => (await countOutcomes(id)).outcomes

/** The addresses that the provider took a mail to, each as often as it did. */
export function mailedTo(addresses: readonly string[]): string[] {
  const wanted = new Set(addresses)
  return world.resend.messages.flatMap(({ to }) => to).filter((address) => wanted.has(address))
}

/** Workers, each with what asks for chunks, as a process has them; what is returned ends them. */
export function startAll(count = 1) {
  const all = Array.from({ length: count }, () => {
    const ledger = createLedger()
    const workers = startWorkers(undefined, { observers: [ledger.observer] })
    const mailings = keepMailings()
    const outbox = keepOutbox(undefined, { [MAILING_CHANNEL]: mailings.wake })
    return async () => {
      await Promise.all([mailings.stop(), outbox.stop(), workers.stop(60)])
      workers.disconnect()
      await ledger.close(5_000)
    }
  })
  return () => Promise.all(all.map((stop) => stop()))
}
