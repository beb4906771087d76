import { setImmediate as turn } from "node:timers/promises"
import type postgres from "postgres"

type Work = (tx: postgres.TransactionSql) => unknown

/**
 * Have transactions notice that their connection is gone. postgres.js tells whoever began one; what the transaction asks for after
 * that, its own rollback included, it writes to a socket that there is not, and that ends the process.
 */
export function noticingLoss<Sql extends postgres.Sql>(sql: Sql): Sql {
  const begin = sql.begin.bind(sql) as (...given: unknown[]) => Promise<unknown>
  const noticing = (...given: unknown[]) => {
    const work = given.pop() as Work
    let lost: Error | undefined
    const transaction = begin(...given, async (tx: postgres.TransactionSql) => {
      try {
        const asked = work(refusing(tx, () => lost))
        return await (Array.isArray(asked) ? Promise.all(asked) : asked)
      } catch (error) {
        // A statement hears of it a moment before the transaction does.
        await turn()
        throw error
      } finally {
        if (lost) await new Promise(() => {})
      }
    })
    transaction.catch((error) => {
      lost = error
    })
    return transaction
  }
  return Object.assign(sql, { begin: noticing })
}

/** A transaction that asks for nothing once it is lost. */
function refusing(tx: postgres.TransactionSql, lost: () => Error | undefined): postgres.TransactionSql {
  const check = () => {
    const error = lost()
    if (error) throw error
  }
  return new Proxy(tx, {
    apply(target, self, given) {
      check()
      return Reflect.apply(target as never, self, given)
    },
    get(target, name) {
      if (name === "unsafe") check()
      return Reflect.get(target, name)
    },
  })
}
