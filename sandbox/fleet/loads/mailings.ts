import { pool } from "../../../db/pool.ts"
import { outcomesOf, people, started, statusOf } from "../../../worker/mailings/testing.ts"
import { type Load, notOnce, type Outside } from "./load.ts"

/** Recipients of a mailing, of whom every so many'th is suppressed. */
const RECIPIENTS = 250
const SUPPRESSED = 50

/** Mailings, one after the other. */
export function mailMany({ resend }: Outside): Load {
  const mailings: { id: number; wanted: string[] }[] = []
  const addresses = new Set<string>()
  const mailed = () => resend.messages.flatMap(({ to }) => to).filter((address) => addresses.has(address))

  return {
    name: "mailings",
    async ask() {
      const to = people(RECIPIENTS)
      const suppressed = to.filter((_, index) => index % SUPPRESSED === SUPPRESSED - 1)
      await pool()`
        insert into email_suppressions (email, reason)
        select email, 'bounced' from unnest(${suppressed}::text[]) as email
      `
      for (const address of to) addresses.add(address)
      const wanted = to.filter((address) => !suppressed.includes(address))
      mailings.push({ id: await started(to), wanted })
    },
    progress: async () => mailed().length,
    async isOver() {
      const latest = mailings.at(-1)
      return !latest || (await statusOf(latest.id)) === "completed"
    },
    async faults() {
      const outcomes = await Promise.all(
        mailings.map(async ({ id, wanted }) => {
          const right = { sent: wanted.length, suppressed: RECIPIENTS - wanted.length }
          const came = await outcomesOf(id)
          return Bun.deepEquals(came, right) ? [] : [`mailing ${id}: ${JSON.stringify(came)}`]
        }),
      )
      const wanted = mailings.flatMap((mailing) => mailing.wanted)
      const rows = await pool()<{ recipient: string }[]>`
        select recipient from email_messages where mailing_id is not null and status = 'sent' and provider_id is not null
      `
      return [
        ...outcomes.flat(),
        ...notOnce(wanted, mailed()),
        ...notOnce(
          wanted,
          rows.map(({ recipient }) => recipient),
        ),
      ]
    },
  }
}
