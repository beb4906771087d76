import type { Delivery } from "../../db/email-messages.ts"

/** Recipients whose mails go to the provider in one request, in the run's order. */
export interface Chunk {
  number: number
  recipients: string[]
  /** What was settled of them by an earlier attempt: which have a mail, and what became of it. */
  settled: Delivery[]
}

/** The chunks of a run: those of earlier attempts as they were, and then the other recipients, so many at a time. */
export function chunksOf(recipients: string[], earlier: Delivery[], size: number): Chunk[] {
  const known = new Map(earlier.map((delivery) => [delivery.recipient, delivery]))
  const chunks = new Map<number, Chunk>()
  const into = (number: number) => {
    const chunk = chunks.get(number) ?? { number, recipients: [], settled: [] }
    chunks.set(number, chunk)
    return chunk
  }
  for (const recipient of recipients) {
    const delivery = known.get(recipient)
    if (!delivery) continue
    const chunk = into(delivery.chunk)
    chunk.recipients.push(recipient)
    chunk.settled.push(delivery)
  }
  const first = Math.max(-1, ...chunks.keys()) + 1
  const others = recipients.filter((recipient) => !known.has(recipient))
  for (const [index, recipient] of others.entries())
    into(first + Math.floor(index / size)).recipients.push(recipient)
  return [...chunks.values()].sort((one, other) => one.number - other.number)
}
