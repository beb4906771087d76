import { setImmediate as nextTurn } from "node:timers/promises"
import type postgres from "postgres"
import { isDatabaseAway } from "./errors.ts"

type Work = (tx: postgres.TransactionSql) => unknown

/**
 * Have a transaction whose connection was lost while nothing was asked of it end there. postgres.js would say what is asked of it next, and
 * if that is only its ROLLBACK, to a socket that is no more: that ends the process, and the connection is never opened again.
 */
export function heedLost(sql: postgres.Sql): postgres.Sql {
  const { begin } = sql as unknown as { begin(...given: unknown[]): Promise<unknown> }
  return Object.assign(sql, {
    async begin(...given: [...options: string[], work: Work]) {
      const work = given.pop() as Work
      let isLost = false
      const guarded = (tx: postgres.TransactionSql) =>
        new Proxy(tx, {
          apply: (query, _, values) => (isLost ? lost() : Reflect.apply(query as never, undefined, values)),
          get: (all, name) => (isLost ? lost : Reflect.get(all, name)),
        })
      const unlessLost = async (tx: postgres.TransactionSql) => {
        try {
          const result = work(guarded(tx))
          return await (Array.isArray(result) ? Promise.all(result) : result)
        } catch (error) {
          // A query hears of the loss a little before its transaction does.
          if (isDatabaseAway(error)) await nextTurn()
          throw error
        } finally {
          if (isLost) await new Promise(() => {})
        }
      }
      try {
        return await begin(...given, unlessLost)
      } catch (error) {
        isLost = true
        throw error
      }
    },
  }) as postgres.Sql
}

/** With postgres.js' own code of it. */
function lost(): never {
  throw Object.assign(new Error("The connection was lost in the middle of a transaction"), {
    code: "CONNECTION_CLOSED",
  })
}
