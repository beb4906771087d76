import { HttpError } from "../errors.ts"
import { fromPostgres } from "../postgres.ts"

/** Milliseconds for which what was known goes on while PostgreSQL is away. */
const OUTAGE = 5 * 60_000

/** Answers that are kept. */
const MOST = 1_000

/** Ask PostgreSQL each time; while it is away, what it answered within the last five minutes is the answer, else 503 with this sentence. */
export function remembered<T>(ask: (id: number) => Promise<T>, sentence: string) {
  const answers = new Map<number, { answer: T; at: number }>()
  return async (id: number): Promise<T> => {
    try {
      const answer = await fromPostgres(ask(id), sentence)
      answers.delete(id)
      answers.set(id, { answer, at: performance.now() })
      if (answers.size > MOST) answers.delete(answers.keys().next().value!)
      return answer
    } catch (error) {
      const last = answers.get(id)
      const isAway = error instanceof HttpError && error.status === 503
      if (!isAway || !last || performance.now() - last.at > OUTAGE) throw error
      return last.answer
    }
  }
}
