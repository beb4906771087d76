import { afterAll, beforeAll, expect, test } from "bun:test"
import { moveToCluster } from "../../sandbox/testing.ts"
import { queueClient } from "../queues.ts"
import { sessionStore } from "./store.ts"
import { sweepSessions } from "./sweep.ts"

let goBack: () => Promise<void>
beforeAll(async () => {
  goBack = await moveToCluster()
})
afterAll(() => goBack())

test("on a cluster the sessions of all nodes are swept", async () => {
  const sessions = sessionStore("planted")
  const { signal } = new AbortController()
  for (let at = 0; at < 30; at++) await sessions.write(String(at), {}, 60)
  for (let at = 0; at < 30; at++) await queueClient().set(`esteira:session:planted:unending-${at}`, "{}")
  const sweep = (dryRun: boolean) => sweepSessions(3_600, { dryRun, signal })
  expect(await sweep(true)).toEqual({ ending: 30, deleted: 0, given: 30 })
  expect(await sweep(false)).toEqual({ ending: 30, deleted: 0, given: 30 })
  expect(await sweep(false)).toEqual({ ending: 60, deleted: 0, given: 0 })
})
