import { findInbox, type Notification, notificationsAfter } from "../../db/notifications.ts"
import { createLog } from "../../lib/log.ts"
import { fromPostgres } from "../postgres.ts"
import type { Followed, Listener, ToldEvent } from "./followed.ts"
import { lookInTurn } from "./look-in-turn.ts"

type InboxEvent = ToldEvent<"snapshot" | "notification" | "unread">

/** Notifications read at a time. */
const PAGE = 100

const AWAY = "PostgreSQL, which keeps the notifications, does not answer: try again in a moment"

/**
 * Looks at the notifications of one person for all their windows, and tells them what is new: none is missed and none told twice, since their ids are in the order
 * in which they can be seen.
 */
export class Inbox implements Followed {
  readonly isRun = false
  readonly look: () => void
  readonly #userId: number
  readonly #listeners = new Set<Listener>()
  /** Those who are told first what they have missed. */
  readonly #catchingUp = new Set<Listener>()
  #latest = 0
  #unread = 0

  constructor(userId: number) {
    this.#userId = userId
    this.look = lookInTurn(() => this.#look(), `The notifications of user ${userId}`)
  }

  get isAlone() {
    return this.#listeners.size === 0 && this.#catchingUp.size === 0
  }

  async begin(): Promise<boolean> {
    const inbox = await this.#stand()
    if (inbox) {
      this.#latest = inbox.latest
      this.#unread = inbox.unread
    }
    return inbox !== undefined
  }

  join(listener: Listener, after: string | undefined) {
    const snapshot = { event: "snapshot", data: { unread: this.#unread } } as const
    if (after === undefined || !/^\d{1,15}$/.test(after)) {
      // Whoever comes back before they were told of any is to be told of those that came meanwhile.
      listener.tell({ ...snapshot, id: String(this.#latest) })
      this.#listeners.add(listener)
      return
    }
    listener.tell(snapshot)
    this.#catchingUp.add(listener)
    this.#catchUp(listener, Number(after), this.#unread).catch((error: Error) => {
      createLog("API").debug("What somebody has missed could not be read", { reason: error.message })
      // Whoever comes back says again how far they had heard.
      listener.end()
    })
  }

  leave(listener: Listener) {
    this.#listeners.delete(listener)
    this.#catchingUp.delete(listener)
  }

  async #catchUp(listener: Listener, heard: number, told: number) {
    let after = heard
    while (after < this.#latest && this.#catchingUp.has(listener)) {
      const missed = await this.#read(after, this.#latest)
      for (const one of missed) listener.tell(asEvent(one))
      after = missed.at(-1)?.id ?? this.#latest
    }
    if (!this.#catchingUp.delete(listener)) return
    if (this.#unread !== told) listener.tell(asUnread(this.#unread))
    this.#listeners.add(listener)
  }

  async #look() {
    for (;;) {
      const news = await this.#read(this.#latest, null)
      for (const one of news) this.#tellAll(asEvent(one))
      this.#latest = news.at(-1)?.id ?? this.#latest
      if (news.length < PAGE) break
    }
    const { unread } = (await this.#stand()) ?? { unread: 0 }
    if (unread === this.#unread) return
    this.#unread = unread
    this.#tellAll(asUnread(unread))
  }

  #read(after: number, upTo: number | null) {
    return fromPostgres(notificationsAfter(this.#userId, { after, upTo, limit: PAGE }), AWAY)
  }

  #stand() {
    return fromPostgres(findInbox(this.#userId), AWAY)
  }

  #tellAll(event: InboxEvent) {
    for (const listener of this.#listeners) listener.tell(event)
  }
}

const asUnread = (unread: number): InboxEvent => ({ event: "unread", data: { unread } })

const asEvent = (told: Notification): InboxEvent => ({
  event: "notification",
  data: told,
  id: String(told.id),
})
