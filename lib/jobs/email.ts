import { z } from "zod"
import { attachments } from "../attachments.ts"
import { type TemplateName, templateNames, templateProps } from "../emails/index.ts"
import { like } from "../like.ts"
import { locale } from "../locale.ts"
import { mailbox } from "../mailbox.ts"
import { pii } from "../pii.ts"
import { LOW_PRIORITY, priority } from "../priority.ts"
import { defineJob } from "./define.ts"

/** An address that mail can be sent to. */
export const emailAddress = pii(z.email({ error: "an e-mail address, such as ana@example.com" }).max(320))

/** What stands in place of the template's own subject. */
export const subject = pii(
  z
    .string()
    .trim()
    .min(1)
    .max(300)
    .regex(/^[^\r\n]*$/, { error: "one line" }),
).optional()

const mail = {
  to: z.array(emailAddress).min(1).max(1_000, { error: "at most 1000 recipients a run" }),
  subject,
  locale: locale.default("pt-BR"),
  from: pii(mailbox).optional(),
  attachments: attachments.optional(),
}

type Mail<Fields extends z.ZodRawShape> = {
  [Name in TemplateName]: z.ZodObject<
    Fields & { template: z.ZodLiteral<Name>; data: (typeof templateProps)[Name] },
    z.core.$strict
  >
}[TemplateName]

/** A schema for each template, told apart by its name: the data are the template's own props. */
function byTemplate<Fields extends z.ZodRawShape>(fields: Fields) {
  const members = templateNames.map((template) =>
    z.strictObject({ ...fields, template: z.literal(template), data: pii(templateProps[template]) }),
  ) as unknown as [Mail<Fields>, ...Mail<Fields>[]]
  return z.discriminatedUnion("template", members, {
    error: `one of the templates ${templateNames.join(", ")}`,
  })
}

const mails = byTemplate(mail)

/** The mails of a chunk of a mailing: a run that is asked for with it, and by nobody from outside. */
const mailingChunk = z.strictObject({ mailing: z.int().positive(), chunk: z.int().nonnegative() })

/** The chunk that a run is for, if it is for one. */
export const mailingChunkOf = (payload: object) => mailingChunk.safeParse(payload).data

/** Typed as what can be asked for, and is looked at by who did. */
const payload = z.union([mailingChunk, mails]) as unknown as z.ZodType<
  z.output<typeof mails>,
  z.input<typeof mails>
>

export const email = defineJob({
  name: "email",
  aliases: ["email-send"],
  summary: "Send a mail made from a template",
  payload,
  accepts: {
    input: byTemplate({
      ...mail,
      to: z.union([emailAddress, mail.to], { error: "an e-mail address, or a list of them" }),
      priority: priority.optional(),
    }),
    normalise({ priority, ...rest }) {
      const to = [rest.to].flat()
      return { payload: { ...rest, to }, priority: priority ?? (to.length > 1 ? LOW_PRIORITY : undefined) }
    },
  },
  result: like(
    z.object({
      sent: z.int(),
      suppressed: z.int(),
      refused: z.int().optional().describe("of a mailing"),
      messageId: z.string().nullable(),
    }),
    { sent: 1, suppressed: 0, messageId: "56761188-7520-42d8-8898-ff6fc54ce618" },
  ),
  example: { to: ["ana@example.com"], template: "welcome", data: { userName: "Ana" }, locale: "pt-BR" },
  concurrency: 10,
})
