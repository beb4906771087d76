import { z } from "zod"
import { readSigned } from "../client/signed.ts"
import { normalUrl, outwardUrl } from "../outward/url.ts"
import { secretMatcher } from "../secret.ts"
import { definePartner } from "./define.ts"
import { lead, text } from "./lead.ts"
import { sharedSecret, signingSecret } from "./secret.ts"

const inbound = lead.extend({ id: text(200).describe("the same whenever it is sent again") })

/** Whoever takes webhooks: told what changes here by signed messages; leads come back with the secret, or signed likewise. */
export const zapier = definePartner({
  name: "zapier",
  title: "Zapier, or any webhook",
  settings: z.strictObject({}),
  secrets: z.strictObject({
    // Whoever has the address of a catch hook can write to it.
    url: outwardUrl.describe("where messages are sent: the address of a catch hook"),
    signingSecret: signingSecret.describe("what messages are signed with, both ways"),
    inboundSecret: sharedSecret.describe(
      "what comes in may have as its bearer token, where it is not signed",
    ),
  }),
  account: ({ secrets }) => normalUrl(secrets.url),
  perSecond: 10,
  push: {
    entities: ["lead", "property", "contract"],
    tells: "changes",
    async send({ entity, localId, what, key, content }, { secrets, tell }) {
      await tell({
        id: `msg_${key}`,
        url: secrets.url,
        secret: secrets.signingSecret,
        body: {
          type: `${entity}.${what}`,
          timestamp: new Date().toISOString(),
          data: { id: localId, ...content },
        },
      })
      return {}
    },
  },
  inbound: {
    async isFrom(message, { signingSecret, inboundSecret }) {
      if (message.headers.has("webhook-signature")) return "id" in (await readSigned(message, signingSecret))
      const [, token = ""] = /^Bearer +(\S+) *$/i.exec(message.headers.get("authorization") ?? "") ?? []
      return secretMatcher(inboundSecret)(token)
    },
    read: (body) =>
      inbound
        .transform(({ id, ...lead }) => ({ ...lead, externalId: id, source: "other" as const }))
        .safeParse(body),
  },
})
