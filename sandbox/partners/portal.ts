import { type Ad, readVrsync } from "../vrsync/read.ts"

interface PortalOptions {
  /** Where the feed is; its token stands in it. */
  feed: string
  /** Where leads are sent, and what with. */
  leads: string
  secret: string
}

/** Milliseconds that who is sent a lead has to answer, and the times that it is sent again. */
const PATIENCE = 15_000
const RESENDS = 3

/** A simulator of the portals of Grupo OLX: reads the feed as strictly as they do, and sends leads by their rules. */
export function createPortal(options: PortalOptions) {
  let { feed, leads, secret } = options
  let known: { etag: string | null; ads: Ad[]; faults: string[] } = { etag: null, ads: [], faults: [] }
  /** Once it is answered 404, an integration is taken off. */
  let isTakenOff = false
  let sent = 0

  /** Fetch the feed, and show what is in it; what is not there any more is taken down. */
  async function fetchFeed() {
    const response = await fetch(feed, { headers: known.etag ? { "if-none-match": known.etag } : {} })
    if (response.status === 304) return { status: 304, ...known }
    if (response.ok) known = { etag: response.headers.get("etag"), ...readVrsync(await response.text()) }
    return { status: response.status, ...known }
  }

  /** Send a lead, again when it is not taken. Returns the statuses of the answers. */
  async function sendLead(lead: Record<string, unknown>): Promise<number[]> {
    const statuses: number[] = []
    sent += 1
    const whole = {
      leadOrigin: "VivaReal",
      timestamp: new Date().toISOString(),
      originLeadId: `lead-${Date.now()}-${sent}`,
      ...lead,
    }
    while (!isTakenOff && statuses.length <= RESENDS) {
      const response = await fetch(leads, {
        method: "POST",
        headers: {
          authorization: `Basic ${Buffer.from(`vivareal:${secret}`).toString("base64")}`,
          "content-type": "application/json",
        },
        body: JSON.stringify(whole),
        signal: AbortSignal.timeout(PATIENCE),
      })
      await response.body?.cancel()
      statuses.push(response.status)
      isTakenOff ||= response.status === 404
      if (response.ok) break
    }
    return statuses
  }

  return {
    fetchFeed,
    sendLead,
    isTakenOff: () => isTakenOff,
    /** Deal with another agency. */
    dealWith(other: PortalOptions) {
      ;({ feed, leads, secret } = other)
    },
  }
}

export type Portal = ReturnType<typeof createPortal>
