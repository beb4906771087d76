import type { QueueAlias } from "../jobs/index.ts"
import { type Answer, failed } from "./answer.ts"
import type { Ended } from "./run.ts"
import { readSigned, type Signing } from "./signed.ts"

/** A callback that has come from whom it says. */
export interface Callback<Queue extends QueueAlias> {
  /** The same when it is sent again: what has been dealt with is not to be again. */
  id: string
  body: Ended<Queue>
}

/**
 * What Esteira has signed with this secret, `whsec_…` (Standard Webhooks, v1), or a failure of kind `unauthorized`. Reads the
 * request. Throws when the secret is none.
 */
export async function verifyCallback<Queue extends QueueAlias>(
  request: Pick<Request, "headers" | "arrayBuffer">,
  secret: string,
  { tolerance }: Pick<Signing, "tolerance"> = {},
): Promise<Answer<Callback<Queue>>> {
  const signed = await readSigned(request, secret, tolerance === undefined ? {} : { tolerance })
  if ("why" in signed)
    return failed({ kind: "unauthorized", message: `The callback is not one of Esteira's: ${signed.why}` })
  return { ok: true, value: { id: signed.id, body: JSON.parse(new TextDecoder().decode(signed.body)) } }
}
