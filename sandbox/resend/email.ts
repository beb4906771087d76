import { z } from "zod"
import { Refusal } from "./errors.ts"

const address = String.raw`[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+`
const mailbox = new RegExp(String.raw`^(?:${address}|[^<>\r\n]+<${address}>)$`)

const missing = (field: string) => `Missing \`${field}\` field.`
const mustBe = (type: "a `string`" | "an `array`" | "an `object`", field: string) =>
  `The \`${field}\` field must be ${type}.`
const notAMailbox = (field: string) =>
  `Invalid \`${field}\` field. The email address needs to follow the \`email@example.com\` or \`Name <email@example.com>\` format.`

const required = (field: string) =>
  z
    .string({ error: ({ input }) => (input == null ? missing(field) : mustBe("a `string`", field)) })
    .min(1, missing(field))

const listOfOne = (value: unknown) => (typeof value === "string" ? [value].filter(Boolean) : value)

const recipients = (field: string, min = 0) =>
  z.preprocess(
    listOfOne,
    z
      .array(z.string(notAMailbox(field)).regex(mailbox, notAMailbox(field)), {
        error: ({ input }) => (input == null ? missing(field) : mustBe("a `string`", field)),
      })
      .min(min, missing(field))
      .max(50, `The \`${field}\` field must have at most 50 recipients.`),
  )

const orNull = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? null)

const orNone = (field: string) =>
  recipients(field)
    .nullish()
    .transform((list) => list ?? [])

const tagText = z
  .string(mustBe("a `string`", "tags"))
  .regex(/^[\w-]{1,256}$/, "Tags should only contain ASCII letters, numbers, underscores, or dashes.")

const attachment = z
  .looseObject({ filename: z.string().nullish(), content: z.string().nullish(), path: z.string().nullish() })
  .refine(({ content, path }) => content || path, "Attachment must have either a `content` or `path`.")

const emailSchema = z
  .object(
    {
      from: required("from").regex(mailbox, notAMailbox("from")),
      to: recipients("to", 1),
      subject: required("subject"),
      html: orNull(z.string(mustBe("a `string`", "html"))),
      text: orNull(z.string(mustBe("a `string`", "text"))),
      cc: orNone("cc"),
      bcc: orNone("bcc"),
      reply_to: orNone("reply_to"),
      headers: orNull(
        z.record(z.string(), z.string(mustBe("a `string`", "headers")), mustBe("an `object`", "headers")),
      ),
      tags: orNull(z.array(z.object({ name: tagText, value: tagText }), mustBe("an `array`", "tags"))),
      attachments: orNull(z.array(attachment, mustBe("an `array`", "attachments"))),
      scheduled_at: orNull(z.string(mustBe("a `string`", "scheduled_at"))),
    },
    "The request body must be a JSON object.",
  )
  .refine(({ html, text }) => html || text, "Missing `html` or `text` field.")

/** A mail as the service keeps it: recipients as lists, null for what was left out. */
export type Email = z.output<typeof emailSchema>

/** Whether an address is taken for none although it looks like one. */
export type IsRefused = (address: string) => boolean

/** The mail that a request's body asks for, or the service's refusal of its first fault. */
export function parseEmail(body: unknown, isRefused: IsRefused): Email {
  const parsed = emailSchema.safeParse(body)
  if (!parsed.success) throw refusalOf(parsed.error.issues[0])
  if (parsed.data.to.some(isRefused)) throw new Refusal("validation_error", { message: notAMailbox("to") })
  return parsed.data
}

function refusalOf(fault: z.core.$ZodIssue | undefined): Refusal {
  const message = fault?.message
  if (message?.startsWith("Missing")) return new Refusal("missing_required_field", { message })
  if (fault?.path[0] === "attachments") return new Refusal("invalid_attachment", { message })
  return new Refusal("validation_error", { message })
}
