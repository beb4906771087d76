import { z } from "zod"
import { defineEnv } from "./env.ts"
import { writeLine } from "./lines.ts"
import { redactText } from "./redact.ts"

export const logEnv = defineEnv({
  NODE_ENV: z.string().default("development").describe("`production` logs JSON and starts no stand-ins"),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"])
    .default("info")
    .describe("least severe line that is logged"),
})

export const isProduction = () => logEnv().NODE_ENV === "production"

const LEVELS = ["debug", "info", "warn", "error"] as const
type Level = (typeof LEVELS)[number]
export type LogFields = Record<string, unknown>

/** Where lines go; the tests put theirs in its place. */
export const sink: { write(line: string, level: Level): void } = { write: writeLine }

let form: { production: boolean; from: number } | undefined

/**
 * A log whose lines name their source: in production one JSON object a line, else `[Worker:email] Processing job …`.
 * E-mail addresses, tokens and tax ids are shortened in both.
 */
export function createLog(source: string) {
  const known = made.get(source)
  if (known) return known
  const log = makeLog(source)
  made.set(source, log)
  return log
}

const made = new Map<string, ReturnType<typeof makeLog>>()

function makeLog(source: string) {
  const at = (level: Level) => (message: string, fields?: LogFields) => {
    form ??= readForm()
    if (LEVELS.indexOf(level) < form.from) return
    const line = form.production ? asJson(level, source, message, fields) : asText(source, message, fields)
    sink.write(line, level)
  }
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") }
}

function readForm() {
  const { LOG_LEVEL } = logEnv()
  return {
    production: isProduction(),
    from: LOG_LEVEL === "silent" ? LEVELS.length : LEVELS.indexOf(LOG_LEVEL),
  }
}

/** For tests: read the environment again at the next line. */
export const forgetLogForm = () => {
  form = undefined
}

function asJson(level: Level, source: string, message: string, fields?: LogFields) {
  const line: LogFields = { time: new Date().toISOString(), level, source, message: redactText(message) }
  if (!fields) return JSON.stringify(line)
  for (const [name, value] of Object.entries(fields)) {
    // Most lines have nothing to look into, and are written for every run.
    if (typeof value === "object" || typeof value === "bigint") return stringify({ ...line, ...fields })
    line[name] = typeof value === "string" ? redactText(value) : value
  }
  return JSON.stringify(line)
}

function asText(source: string, message: string, { error, ...fields }: LogFields = {}) {
  const details = Object.entries(fields).map(([key, value]) => ` ${key}=${plain(value)}`)
  const cause =
    error === undefined ? "" : `: ${plain(error instanceof Error ? (error.stack ?? error) : error)}`
  return `[${source}] ${redactText(message)}${details.join("")}${cause}`
}

const plain = (value: unknown) => (typeof value === "string" ? redactText(value) : stringify(value))

/** JSON with its texts redacted, each by itself; errors are told with their causes, and nothing makes it fail. */
export function stringify(value: unknown, tellText = redactText): string {
  const above: { item: unknown; told: unknown }[] = []
  return (
    JSON.stringify(value, function (this: unknown, _key, item: unknown) {
      if (typeof item === "string") return tellText(item)
      if (typeof item === "bigint") return String(item)
      if (typeof item !== "object" || item === null) return item
      while (above.length > 0 && above.at(-1)?.told !== this) above.pop()
      if (above.some((outer) => outer.item === item)) return "[circular]"
      const told = item instanceof Error ? tell(item) : item
      above.push({ item, told })
      return told
    }) ?? String(value)
  )
}

const tell = ({ name, message, stack, cause }: Error) => ({
  name,
  message,
  stack,
  ...(cause ? { cause } : {}),
})
