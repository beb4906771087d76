import { z } from "zod"
import { locale } from "../../lib/locale.ts"
import { category } from "../../lib/notifications/category.ts"
import { outwardUrl } from "../../lib/outward/url.ts"
import { isPublicKey } from "../../lib/push/keys.ts"
import { isZone } from "../../lib/zone.ts"

const id = z.coerce.number().int().positive()

/** Whom it is about. */
export const personQuery = z.strictObject({
  userId: id
    .optional()
    .describe("whom it is about: needed with a key, and whoever has logged in when left out"),
})

/** Which page of the notifications of somebody. */
export const notificationsQuery = personQuery.extend({
  limit: z.coerce.number().int().min(1).max(100).default(20).describe("how many, latest first"),
  before: id.optional().describe("the `next` of the page before"),
  unread: z.stringbool().default(false).describe("those alone that have not been read"),
})

/** What may be sent to have all read. */
export const readRequest = z.strictObject({
  upTo: z
    .int()
    .positive()
    .optional()
    .describe("the id of the latest that was seen: what came since stays unread"),
})

const base64url = (bytes: string, pattern: RegExp) =>
  z
    .string()
    .regex(pattern, { error: `${bytes} bytes as base64url` })
    .transform((text) => text.replace(/=+$/, ""))

/** What a browser or an application of Expo's is reached by. */
export const deviceRequest = z.union(
  [
    z.strictObject({
      subscription: z
        .strictObject({
          endpoint: outwardUrl,
          expirationTime: z.number().nullable().optional(),
          keys: z.strictObject({
            p256dh: base64url("65", /^[\w-]{87}=?$/).refine(isPublicKey, {
              error: "a public key: a point of P-256",
            }),
            auth: base64url("16", /^[\w-]{22}(?:==)?$/),
          }),
        })
        .describe("a browser's `PushSubscription`, as its `toJSON()` has it"),
    }),
    z.strictObject({
      token: z
        .string()
        .max(200)
        .regex(/^Expo(?:nent)?PushToken\[[^\]\s]+\]$/, { error: "a token such as ExponentPushToken[…]" })
        .describe("what Expo's `getExpoPushTokenAsync()` gives"),
    }),
  ],
  { error: "a subscription of a browser, or a token of Expo's" },
)

/** What a device is to be known by that wants no more. */
export const deviceGoneRequest = z.strictObject({
  endpoint: z
    .string()
    .min(1)
    .max(2_000)
    .describe("the `endpoint` of a browser's subscription, or a token of Expo's"),
})

const channels = {
  mail: z.boolean(),
  inApp: z.boolean().describe("in the list of the application"),
  push: z.boolean().describe("on devices"),
}

const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { error: "a time such as 22:00" })

/** How somebody wants to be told. */
export const preferencesRequest = z.strictObject({
  mail: channels.mail.default(true),
  inApp: channels.inApp.default(true),
  push: channels.push.default(true),
  categories: z
    .record(
      category,
      z.strictObject({
        mail: channels.mail.exactOptional(),
        inApp: channels.inApp.exactOptional(),
        push: channels.push.exactOptional(),
      }),
    )
    .refine((given) => Object.keys(given).length <= 100, { error: "at most 100 categories" })
    .default({})
    .describe("what differs for a category"),
  quietHours: z
    .strictObject({ from: clock, until: clock })
    .refine(({ from, until }) => from !== until, { error: "two times that differ" })
    .nullable()
    .default(null)
    .describe("pushes wait until they end; by the clock of `timeZone`"),
  timeZone: z
    .string()
    .max(100)
    .regex(/^[A-Za-z]/)
    .refine(isZone, { error: "an IANA zone, such as America/Sao_Paulo" })
    .nullable()
    .default(null)
    .describe("null: that of the agency"),
  locale: locale.nullable().default(null).describe("null: that of the account"),
})
