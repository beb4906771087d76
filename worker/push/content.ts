import type { DueDelivery } from "../../db/push-deliveries.ts"

/** Bytes of what a device is told: push services take 4096 with what encryption adds, and Apple and Google as many with their own. */
const MOST = 3_000

type Told = Pick<
  DueDelivery,
  "notificationId" | "title" | "message" | "type" | "category" | "actionUrl" | "data"
>

/** What a device is told. With `isCut` there is more to it in the list of the application. */
export interface Content {
  /** By which it takes its own place where it is shown already: the `tag` of a browser's notification. */
  tag: string
  id: number
  title: string
  message: string
  type: DueDelivery["type"]
  category: string
  actionUrl?: string
  data?: unknown
  isCut?: true
}

/**
 * What a device is told, in so many bytes of JSON. Where it is too large it goes without its data, then with the beginning of its
 * message; where its address alone is, without that.
 */
export function contentOf({
  notificationId: id,
  title,
  message,
  type,
  category,
  actionUrl,
  data,
}: Told): Content {
  const bare = { tag: tagOf(id), id, title, message, type, category }
  const told = actionUrl === null ? bare : { ...bare, actionUrl }
  const whole = data === null ? told : { ...told, data: JSON.parse(data) as unknown }
  if (sizeOf(whole) <= MOST) return whole
  const without = { ...told, isCut: true as const }
  if (sizeOf(without) <= MOST) return without
  const left = (content: Content) => MOST - sizeOf({ ...content, message: "…" })
  const cut = left(without) >= 0 ? without : { ...bare, isCut: true as const }
  return { ...cut, message: beginningOf(message, left(cut)) }
}

/** The name of a notification at push services and devices, where the same one takes the place of itself. */
export const tagOf = (notificationId: number) => `n${notificationId}`

const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

const graphemes = new Intl.Segmenter("pt-BR", { granularity: "grapheme" })

/** As many of the first characters, as people see them, as so many bytes of JSON hold, with an ellipsis. */
function beginningOf(text: string, room: number): string {
  let end = 0
  let left = room
  for (const { segment, index } of graphemes.segment(text)) {
    left -= sizeOf(segment) - 2
    if (left < 0) break
    end = index + segment.length
  }
  return `${text.slice(0, end).trimEnd()}…`
}
