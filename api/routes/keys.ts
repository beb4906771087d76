import { Elysia } from "elysia"
import { type ApiKey, insertApiKey, listApiKeys, MOST_KEYS, revokeApiKey } from "../../db/api-keys.ts"
import { createApiKey } from "../../lib/api-key.ts"
import { digestOf } from "../../lib/digest.ts"
import { allow } from "../access/allow.ts"
import { rereadKeys } from "../access/key-ring.ts"
import { actorOf, describeChange } from "../access/principal.ts"
import { documentKeyEnd, documentKeys, documentNewKey } from "../documentation/keys.ts"
import { HttpError } from "../errors.ts"
import { isId } from "../ids.ts"
import { keyRequest } from "../keys.ts"
import { parse } from "../parse.ts"
import { fromPostgres } from "../postgres.ts"

const AWAY = "PostgreSQL, which keeps the API keys, does not answer: try again in a moment"

/** API keys: who has one, a new one, and the end of one. */
export const keyRoutes = new Elysia({ prefix: "/api/admin/keys" })
  .get("", () => list(), allow("admin", documentKeys()))
  .post(
    "",
    ({ request, body, status }) => create(request, body).then((key) => status(201, key)),
    allow("admin", documentNewKey(), { action: "key.create" }),
  )
  .delete(
    "/:id",
    ({ request, params }) => revoke(request, params.id),
    allow("admin", documentKeyEnd(), { action: "key.revoke" }),
  )

const list = async () => ({ keys: await fromPostgres(listApiKeys(), AWAY) })

async function create(request: Request, body: unknown) {
  const asked = parse(keyRequest, body)
  const { name, scopes, queues = null, expiresAt = null } = asked
  const key = createApiKey()
  const stored = await fromPostgres(
    insertApiKey({ name, scopes, queues, expiresAt, digest: digestOf(key), createdBy: actorOf(request) }),
    AWAY,
  )
  if (!stored)
    throw new HttpError(409, `There are ${MOST_KEYS} valid keys already: end some that nobody uses`)
  describeChange(request, { target: `key:${stored.id}`, after: stored })
  await rereadKeys()
  return { key, ...stored }
}

async function revoke(request: Request, id: string) {
  const revoked = await endKey(id, actorOf(request))
  if (!revoked) throw new HttpError(404, `No key ${id.slice(0, 100)}, or it has ended already`)
  describeChange(request, { target: `key:${revoked.id}`, after: revoked })
  await rereadKeys()
  return { success: true, message: `The key ${revoked.id} (${revoked.name}) has ended` }
}

const endKey = async (id: string, by: string): Promise<ApiKey | undefined> =>
  isId(id) ? await fromPostgres(revokeApiKey(Number(id), by), AWAY) : undefined
