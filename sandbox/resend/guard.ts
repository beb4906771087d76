import type { BunRequest } from "bun"
import { errorResponse, Refusal } from "./errors.ts"

/** A route's answer to a request. */
export type Handler = (request: BunRequest<string>) => Response | Promise<Response>

interface Usage {
  over: boolean
  headers: Record<string, string>
}

/** Puts the rate limit and the API key before a route. */
export function createGuard(key: string, now: () => number, requestsPerSecond?: number) {
  const spend = requestsPerSecond ? createRateLimit(requestsPerSecond, now) : unlimited

  return (handle: Handler): Handler => {
    const admit = refusable((request) => {
      authenticate(request, key)
      return handle(request)
    })

    return async (request) => {
      const { over, headers } = spend()
      const answer = over ? errorResponse({ name: "rate_limit_exceeded" }) : await admit(request)
      for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value)
      return answer
    }
  }
}

/** Gives what a route refuses the service's form. */
export function refusable(handle: Handler): Handler {
  return async (request) => {
    try {
      return await handle(request)
    } catch (error) {
      if (error instanceof Refusal) return errorResponse(error.details)
      throw error
    }
  }
}

/** Answers by the request's method, or that the path does not have it. */
export function byMethod(methods: Record<string, Handler>): Handler {
  return (request) => methods[request.method]?.(request) ?? errorResponse({ name: "method_not_allowed" })
}

function authenticate(request: Request, key: string) {
  const [, token] = request.headers.get("authorization")?.match(/^Bearer (\S+)$/i) ?? []
  if (!token) throw new Refusal("missing_api_key")
  if (token !== key) throw new Refusal("invalid_api_key")
}

function unlimited(): Usage {
  return { over: false, headers: {} }
}

function createRateLimit(limit: number, now: () => number) {
  let second = 0
  let used = 0

  return (): Usage => {
    const current = Math.floor(now() / 1_000)
    used = current === second ? used + 1 : 1
    second = current
    const over = used > limit
    const headers = {
      "ratelimit-policy": `${limit};w=1`,
      "ratelimit-limit": `${limit}`,
      "ratelimit-remaining": `${Math.max(0, limit - used)}`,
      "ratelimit-reset": "1",
      ...(over && { "retry-after": "1" }),
    }
    return { over, headers }
  }
}
