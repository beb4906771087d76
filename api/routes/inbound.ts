import { Elysia } from "elysia"
import { findIntegration } from "../../db/integrations.ts"
import { problemsOf } from "../../lib/enqueue.ts"
import { PayloadError } from "../../lib/errors.ts"
import { LEAD_LIMIT, readBytes, readJson } from "../body.ts"
import { documentInbound } from "../documentation/integrations.ts"
import { isId } from "../ids.ts"
import { keepInbound } from "../inbound.ts"
import { admitPartner } from "../partner.ts"
import { fromPostgres } from "../postgres.ts"

const AWAY = "PostgreSQL, which keeps the leads, does not answer: send it again in a moment"

/** Leads that partners send by themselves; each carries the secret of its integration. */
export const inboundRoutes = new Elysia().post(
  "/webhooks/leads/:integration",
  ({ params, request }) => take(params.integration, request),
  // Whoever sends it is looked at before what they send, which a signature is of as it came.
  { parse: "none", detail: documentInbound },
)

async function take(id: string, request: Request) {
  const bytes = await readBytes(request, LEAD_LIMIT)
  const again = () =>
    new Request("http://localhost", { method: "POST", headers: request.headers, body: bytes })
  const found = isId(id) ? await fromPostgres(findIntegration(Number(id)), AWAY) : undefined
  const { integration, partner } = await admitPartner(
    found,
    async ({ inbound }, secrets) => (await inbound?.isFrom(again(), secrets)) ?? false,
  )
  const lead = partner.inbound!.read(await readJson(again(), LEAD_LIMIT))
  if (!lead.success) throw new PayloadError("Bad request", problemsOf(lead.error))
  const isNew = await fromPostgres(keepInbound(integration, lead.data), AWAY)
  return { success: true, message: isNew ? "The lead is kept" : "The lead had come before" }
}
