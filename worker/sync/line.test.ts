import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import type { Integration } from "../../db/integrations.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { emptyRentals, letHome } from "../../db/testing-rentals.ts"
import { PermanentError, RetryLater } from "../../lib/errors.ts"
import { type PartnerName, partnerNamed } from "../../lib/partners/index.ts"
import { type Partners, startPartners } from "../../sandbox/partners/simulator.ts"
import { openLine } from "./line.ts"
import { integrate } from "./testing.ts"

let leave: () => Promise<void>
let partners: Partners
let agencyId: number

beforeAll(async () => {
  leave = await moveToOwnDatabase()
  await emptyRentals()
  ;({ agencyId } = await letHome())
})
afterAll(() => leave())
beforeEach(() => {
  process.env.ALLOW_PRIVATE_ADDRESSES = "true"
  partners = startPartners()
})
afterEach(async () => {
  delete process.env.ALLOW_PRIVATE_ADDRESSES
  await partners.stop()
})

const lineTo = (provider: PartnerName, integration: Integration, signal: AbortSignal, patience?: number) =>
  openLine(partnerNamed(provider)!, integration, signal, patience)

/** What is asked of each kind of partner, which does not answer. */
const silent = [
  [
    "crm",
    () => partners.crm.fail({ times: 1, mode: "hang" }),
    (line: ReturnType<typeof openLine>) =>
      line.ask({ method: "GET", url: `${partners.crmSettings.url}/leads` }),
  ],
  [
    "zapier",
    () => partners.hooks.fail({ times: 1, mode: "hang" }),
    (line: ReturnType<typeof openLine>) =>
      line.tell({ id: "msg_1", url: partners.hookUrl, secret: partners.hookSecret, body: {} }),
  ],
] as const

test.each(silent)(
  "%s that does not answer in time is asked again as any run is, and is let go when the run ends",
  async (provider, hang, ask) => {
    const integration = await integrate(agencyId, provider, partners)
    hang()
    const late = await ask(lineTo(provider, integration, new AbortController().signal, 50)).catch(
      (error: unknown) => error,
    )
    expect(late).toMatchObject({
      message: expect.stringContaining("does not answer: no answer within 50 ms"),
    })
    expect(late).not.toBeInstanceOf(PermanentError)
    expect(late).not.toBeInstanceOf(RetryLater)

    const { met } = hang()
    const run = new AbortController()
    const left = ask(lineTo(provider, integration, run.signal)).catch((error: unknown) => error)
    await met
    const reason = new Error("cancelled")
    run.abort(reason)
    expect(await left).toBe(reason)
  },
)
