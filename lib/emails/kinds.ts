import type { TemplateName } from "./index.ts"

/**
 * What a mail is to whom it goes: `asked`, they have just asked for it themselves; `notice`, they have to know of it; `list`,
 * they can unsubscribe from it.
 */
export type MailKind = "asked" | "notice" | "list"

/** Why an address is in the suppressions. */
export type SuppressionReason = "bounced" | "complained" | "unsubscribed" | "manual"

/** Templates that are no notices. */
const KINDS: Partial<Record<TemplateName, MailKind>> = {
  newsletter: "list",
  "password-reset": "asked",
  verification: "asked",
}

export const kindOf = (template: TemplateName): MailKind => KINDS[template] ?? "notice"

/** The suppressions that stop mail of a kind. Nobody locks themselves out by calling a newsletter spam. */
export const STOPPED_BY: Record<MailKind, SuppressionReason[]> = {
  asked: ["bounced", "manual"],
  notice: ["bounced", "manual", "complained"],
  list: ["bounced", "manual", "complained", "unsubscribed"],
}

/** A name of a list: `newsletter`, `ofertas-de-verao`. */
export const LIST_NAME = /^[a-z\d]+(?:-[a-z\d]+)*$/

/** The list that mails of a template are of unless said otherwise; undefined for those that nobody unsubscribes from. */
export const listOf = (template: TemplateName): string | undefined =>
  kindOf(template) === "list" ? template : undefined
