import { pool } from "../../../db/pool.ts"
import { queueNotification } from "../../../lib/producers.ts"
import { browserOf, phoneOf, somebody } from "../../../worker/push/testing.ts"
import { type Load, notOnce, type Outside } from "./load.ts"
import { countEnded } from "./runs.ts"

/** People who are told, and the browsers that each has besides a phone. */
const PEOPLE = 8
const BROWSERS = 2

/** Runs asked for at a time. */
const RUNS = 3

/** People who are told of this and that, in the application, on their browsers and on their phones. */
export async function notifyPeople({ push }: Outside): Promise<Load> {
  const people = await Promise.all(Array.from({ length: PEOPLE }, somebody))
  for (const user of people) {
    for (let count = 0; count < BROWSERS; count++) await browserOf(user, push)
    await phoneOf(user)
  }
  const runs: string[] = []

  return {
    name: "notifications",
    async ask() {
      const told = { userId: people, title: "Novo contato", message: "Ana Beatriz tem interesse no AR1002" }
      for (let count = 0; count < RUNS; count++) runs.push((await queueNotification(told)).id)
    },
    async progress() {
      const [row] = await pool()<[{ count: number }]>`
        select count(*)::int as count from notifications where run_id = any(${runs})
      `
      return row.count + push.web.length + push.expo.length
    },
    isOver: async () => (await countEnded(runs)) === runs.length,
    async faults() {
      const rows = await pool()<{ told: string }[]>`
        select run_id || ' of ' || user_id as told from notifications where run_id = any(${runs})
      `
      return notOnce(
        runs.flatMap((run) => people.map((user) => `${run} of ${user}`)),
        rows.map(({ told }) => told),
      )
    },
  }
}

/**
 * What became of pushes at their devices. One whose worker died while it asked is in doubt: a browser may be sent it again, where
 * it takes its own place; a phone may be left without it, and is never sent it twice.
 */
export async function accountForPushes({ push }: Outside) {
  const sent = Map.groupBy(
    [
      ...push.web.map(({ device, content }) => `${push.url}/push/${device} ${content?.id}`),
      ...push.expo.map(({ to, data }) => `${to} ${data?.id}`),
    ],
    (one) => one,
  )
  const rows = await pool()<
    { device: string; channel: string; status: string | null; inDoubt: boolean | null }[]
  >`
    select device.endpoint || ' ' || notification.id as device, device.channel, delivery.status, in_doubt
    from notifications as notification
    join push_subscriptions as device on device.user_id = notification.user_id
    left join push_deliveries as delivery
      on delivery.notification_id = notification.id and delivery.subscription_id = device.id
  `
  const isRight = ({ device, channel, status, inDoubt }: (typeof rows)[number]) => {
    const times = sent.get(device)?.length ?? 0
    if (channel === "expo") return status === "unknown" ? times <= 1 : status === "sent" && times === 1
    return status === "sent" && (times === 1 || (times > 1 && inDoubt === true))
  }
  const known = new Set(rows.map(({ device }) => device))
  return {
    pushes: rows.length,
    /** Browsers that were sent something again, in its own place. */
    repeated: rows.filter(({ device }) => (sent.get(device)?.length ?? 0) > 1).length,
    /** Phones of which nobody knows whether they have it. */
    unknown: rows.filter(({ status }) => status === "unknown").length,
    faults: [
      ...rows.filter((row) => !isRight(row)).map((row) => JSON.stringify(row)),
      ...[...sent.keys()].filter((one) => !known.has(one)).map((one) => `${one}: nobody asked for it`),
    ],
  }
}
