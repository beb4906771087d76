import { expect, test } from "bun:test"
import { onRedis } from "../../lib/queues.ts"
import { HAPPENED, inboxKey } from "../../lib/watched.ts"
import { until } from "../../sandbox/until.ts"
import type { Followed } from "./followed.ts"
import { endStreams, follow } from "./hub.ts"

const ear = () => ({ tell() {}, beat() {}, end() {} })

/** What is looked at by itself, when it is told that something has happened. */
function followed(begin = async () => true) {
  let looks = 0
  const thing: Followed = {
    isRun: false,
    isAlone: true,
    isFull: false,
    begin,
    join() {},
    leave() {},
    look: () => void looks++,
  }
  return { make: () => thing, looks: () => looks }
}

test("whoever begins to listen while the last of the others leaves hears what comes", async () => {
  const leaveFirst = (await follow(inboxKey(1), followed().make))!(ear(), undefined)
  const found = Promise.withResolvers<boolean>()
  const { make, looks } = followed(() => found.promise)
  const beginning = follow(inboxKey(2), make)
  leaveFirst()
  found.resolve(true)
  const leave = (await beginning)!(ear(), undefined)
  const isLookedAt = async () => {
    await onRedis((client) => client.publish(HAPPENED, inboxKey(2)))
    return looks() > 0
  }
  expect(await until(isLookedAt, 5_000)).toBe(true)
  leave()
})

test("whoever begins to listen while the process stops is turned away", async () => {
  const found = Promise.withResolvers<boolean>()
  const beginning = follow(inboxKey(3), followed(() => found.promise).make)
  endStreams()
  found.resolve(true)
  await expect(beginning).rejects.toMatchObject({ status: 503 })
})
