import { ruleOf } from "./allow.ts"
import { openRoutes } from "./open.ts"

/** A route as Elysia has it. */
export interface Route {
  method: string
  path: string
  hooks: { beforeHandle?: unknown }
}

const nameOf = ({ method, path }: Route) => `${method} ${path}`

/** Throws unless each route says whom it is for, or is listed as open; and each that is listed is there. */
export function checkRules(routes: readonly Route[]) {
  const open = new Set(openRoutes)
  const wrong = [
    ...routes
      .filter((route) => (ruleOf(route) === undefined) !== open.has(nameOf(route)))
      .map((route) => `${nameOf(route)} must either be allowed to somebody or stand in openRoutes`),
    ...openRoutes
      .filter((name) => !routes.some((route) => nameOf(route) === name))
      .map((name) => `${name} of openRoutes is no route`),
  ]
  if (wrong.length) throw new Error(wrong.join("; "))
}
