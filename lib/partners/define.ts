import type { z } from "zod"
import type { Json } from "../jobs/define.ts"
import type { Entity } from "./entities.ts"
import type { InboundLead, Lead } from "./lead.ts"
import type { Header, Listing } from "./listing.ts"

type SettingsSchema = z.ZodObject
type SecretsSchema = z.ZodObject<Record<string, z.ZodType<string, string>>>

/** What is asked of a partner. */
interface Request {
  method: "GET" | "POST" | "PUT" | "DELETE"
  url: string
  headers?: Record<string, string>
  body?: Json
  /** Statuses besides 2xx that are an answer, and no failure. */
  also?: number[]
}

/** How a partner is spoken to: with what the agency has set, at the pace that it bears. */
export interface Line<Settings = Record<string, unknown>, Secrets = Record<string, string>> {
  settings: Settings
  secrets: Secrets
  /**
   * Ask once. `body` is the JSON that came, undefined when none did. Throws PartnerRefuses (401, 403), PartnerGone (410),
   * ItemRefused (another 4xx), RetryLater (429) and, for what may pass, an Error.
   */
  ask(request: Request): Promise<{ status: number; body: unknown }>
  /** Send a message, signed as Standard Webhooks has it, under an id that is the same whenever it is sent again; throws as `ask` does. */
  tell(message: { id: string; url: string; secret: string; body: Json }): Promise<void>
}

/** An item that a partner tells of: what it is now, that it is gone, or what is wrong with what came. */
export type Pulled = { externalId: string } & ({ lead: Lead } | { gone: true } | { fault: string })

/** Where a pull goes on: `cursor` at what has changed since the pass before, null for all there is; `page` within the pass. */
interface Place {
  cursor: string | null
  page: string | null
}

/** Of a page that is not the last, `page` is the next; of the last, `cursor` is where the next pass begins. */
export interface PulledPage {
  items: Pulled[]
  page?: string | undefined
  cursor?: string | undefined
}

/** Something here that a partner is to know of. */
export interface Change {
  entity: Entity
  localId: number
  what: "created" | "updated" | "deleted"
  /** Its id there; null as long as it has none. */
  externalId: string | null
  /** The same at every try of this change, and of no other. */
  key: string
  /** What it is now; null of what is gone. */
  content: { [key: string]: Json } | null
}

/** What a partner is, and how it is spoken to. */
export interface Partner<
  Name extends string = string,
  Settings extends SettingsSchema = SettingsSchema,
  Secrets extends SecretsSchema = SecretsSchema,
> {
  /** Names it in the API and in what is kept. Renaming it strands what is kept. */
  name: Name
  title: string
  /** What an agency sets; told to whoever may look. */
  settings: Settings
  /** What an agency sets and nobody is told. */
  secrets: Secrets
  /** What tells its accounts apart: where it is another, what is known of the one before is forgotten. Without, there is but one. */
  account?(set: { settings: z.output<Settings>; secrets: z.output<Secrets> }): string
  /** Requests a second, of all workers and agencies together. */
  perSecond?: number
  /** What it tells of when asked. */
  pull?: {
    entities: readonly Entity[]
    page(place: Place, line: Line<z.output<Settings>, z.output<Secrets>>): Promise<PulledPage>
    /** One item alone; one that is not there is gone. */
    one(externalId: string, line: Line<z.output<Settings>, z.output<Secrets>>): Promise<Pulled>
  }
  /** What it is told of. */
  push?: {
    entities: readonly Entity[]
    /** Whether it is told of all there is, or only of what changes from now on. */
    tells: "all" | "changes"
    /** Returns its id there, if it has one, and what the partner has now where it says so; `gone` when it is no longer there to be changed. */
    send(
      change: Change,
      line: Line<z.output<Settings>, z.output<Secrets>>,
    ): Promise<{ externalId?: string; lead?: Lead | undefined } | "gone">
  }
  /** What it fetches itself: a feed of what an agency offers, at an address of its own. */
  feed?: {
    /** Why a listing cannot be in it; none when it can. */
    faultsOf(listing: Listing, header: Header, settings: z.output<Settings>): string[]
    open(header: Header, settings: z.output<Settings>): string
    listing(listing: Listing, header: Header, settings: z.output<Settings>): string
    close(): string
    /** Whether the secret in its address is this agency's. */
    isFor(token: string, secrets: z.output<Secrets>): boolean
  }
  /** What comes from it by itself. */
  inbound?: {
    /** Whether a message comes from it; `message` is not read yet, and may be read here, once. */
    isFrom(message: globalThis.Request, secrets: z.output<Secrets>): Promise<boolean>
    /** The lead that a message tells of, or what is wrong with it. */
    read(body: unknown): z.ZodSafeParseResult<InboundLead>
  }
}

/** Say what a partner is, and how it is spoken to. */
export const definePartner = <
  const Name extends string,
  Settings extends SettingsSchema,
  Secrets extends SecretsSchema,
>(
  partner: Partner<Name, Settings, Secrets>,
): Partner<Name, Settings, Secrets> => partner

/** Whether anything is exchanged with it, or it is known by its name alone. */
export const isSpokenTo = ({ pull, push, feed, inbound }: Partner): boolean =>
  [pull, push, feed, inbound].some((way) => way !== undefined)
