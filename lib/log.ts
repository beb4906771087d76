import { z } from "zod"
import { defineEnv } from "./env.ts"
import { redactText } from "./redact.ts"

const logEnv = defineEnv({
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
export const sink = { write: (line: string, level: Level) => console[level](line) }

let form: { production: boolean; from: number } | undefined

/**
 * A log whose lines name their source: in production one JSON object a line, else `[Worker:email] Processing job …`.
 * E-mail addresses, tokens and tax ids are shortened in both.
 */
export function createLog(source: string) {
  const at =
    (level: Level) =>
    (message: string, fields: LogFields = {}) => {
      form ??= readForm()
      if (LEVELS.indexOf(level) < form.from) return
      sink.write(
        redactText(
          form.production ? asJson(level, source, message, fields) : asText(source, message, fields),
        ),
        level,
      )
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

const asJson = (level: Level, source: string, message: string, fields: LogFields) =>
  JSON.stringify({ time: new Date().toISOString(), level, source, message, ...withPlainErrors(fields) })

function asText(source: string, message: string, { error, ...fields }: LogFields) {
  const details = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  )
  const cause =
    error instanceof Error
      ? `: ${error.stack ?? error.message}`
      : error === undefined
        ? ""
        : `: ${String(error)}`
  return `[${source}] ${message}${details.join("")}${cause}`
}

const withPlainErrors = (fields: LogFields) =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value,
    ]),
  )
