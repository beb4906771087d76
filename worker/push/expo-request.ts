import { z } from "zod"
import { codeOf } from "../../lib/network.ts"
import { retryAfterOf } from "../../lib/retry-after.ts"
import { expoEnv } from "./expo-env.ts"

/** Milliseconds that Expo has to answer. */
const PATIENCE = 10_000

const problem = z.object({
  code: z.string().catch("unknown"),
  message: z.string().catch("no reason given"),
  details: z.unknown().optional(),
})

const said = z.object({
  data: z.unknown().optional(),
  errors: z.array(problem).min(1).optional(),
})

/** What Expo said; or, with `mayBeTaken`, that nobody knows what it made of the request. */
export type ExpoAnswer =
  | { data: unknown }
  | { problem: z.output<typeof problem>; status: number; retryAfter: number }
  | { error: string; mayBeTaken: boolean }

/** What tells that nobody was there to be asked. */
const UNASKED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ConnectionRefused",
  "FailedToOpenSocket",
])

/** Ask a route of Expo's push service. Never throws for what Expo says, or does not. */
export async function askExpo(route: "send" | "getReceipts", body: unknown): Promise<ExpoAnswer> {
  const { EXPO_BASE_URL: base, EXPO_ACCESS_TOKEN: token } = expoEnv()
  try {
    const response = await fetch(`${base.replace(/\/+$/, "")}/--/api/v2/push/${route}`, {
      method: "POST",
      redirect: "manual",
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    })
    return answerOf(response, await response.text())
  } catch (error) {
    const code = codeOf(error as Error)
    return {
      error: [code, (error as Error).message].filter(Boolean).join(": ").slice(0, 300),
      mayBeTaken: !UNASKED.has(code),
    }
  }
}

function answerOf(response: Response, text: string): ExpoAnswer {
  const { status } = response
  const answer = said.safeParse(parsed(text)).data
  const [first] = answer?.errors ?? []
  if (first || status !== 200) {
    return {
      problem: first ?? { code: "unknown", message: text.slice(0, 200) },
      status,
      retryAfter: retryAfterOf(response.headers.get("retry-after")),
    }
  }
  return answer?.data === undefined
    ? { error: `an answer that is none of Expo's: ${text.slice(0, 200)}`, mayBeTaken: true }
    : { data: answer.data }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
