import { readFile } from "node:fs/promises"
import {
  contextLinesIntegration,
  defaultStackParser,
  linkedErrorsIntegration,
  NodeClient,
  Scope,
} from "@sentry/bun"
import { createLog } from "../log.ts"
import type { Rule } from "../schedules/slots.ts"
import { within } from "../within.ts"
import { createScrubbingTransport } from "./transport.ts"

/** What is told with an error. */
export interface Report {
  /** Short facts to search by. */
  tags?: Record<string, string | number>
  /** What else is known, under a title. */
  contexts?: Record<string, Record<string, unknown>>
  level?: "warning" | "error" | "fatal"
  /** What makes errors one issue, where Sentry's own idea of that is not enough. */
  fingerprint?: string[]
  /** Why nothing of ours has caught it, if so. */
  uncaught?: string
}

/** That a run of a schedule has begun or ended. */
export interface CheckIn {
  schedule: string
  /** 32 hexadecimal digits, the same for the beginning and the end of a run. */
  id: string
  status: "in_progress" | "ok" | "error"
  /** When the schedule is due, and the minutes its run may come late and may take. */
  rule?: (Rule & { margin: number; longest: number }) | undefined
}

interface Settings {
  dsn: string
  environment: string
  /** The version of the package, where there is no other name. */
  release: string | undefined
}

/** Milliseconds that a process which ends waits for its last reports. */
const LAST_WORDS = 2_000

/**
 * Sentry's client for Bun and Deno, which does nothing of its own accord: it wraps nothing, traces nothing, and knows of
 * no user, request or host. Unlike Sentry's `init` it does not look into the modules that are loaded after it.
 */
export async function openClient({ dsn, environment, release }: Settings) {
  const client = new NodeClient({
    dsn,
    environment,
    release: release ?? (await packageRelease()),
    runtime: runtime(),
    includeServerName: false,
    enableRuntimeChannelInjection: false,
    sendClientReports: false,
    dataCollection: { userInfo: false, cookies: false, httpHeaders: false, httpBodies: [] },
    normalizeDepth: 10,
    maxValueLength: 8_000,
    integrations: [linkedErrorsIntegration(), contextLinesIntegration({ frameContextLines: 3 })],
    stackParser: defaultStackParser,
    transport: createScrubbingTransport,
  })
  client.init()

  return {
    error(error: unknown, { tags = {}, contexts = {}, level = "error", fingerprint, uncaught }: Report) {
      const scope = new Scope().setTags(tags).setLevel(level)
      for (const [title, context] of Object.entries(contexts)) scope.setContext(title, context)
      if (fingerprint) scope.setFingerprint(fingerprint)
      forgetCapture(error)
      const mechanism = uncaught ? { mechanism: { type: uncaught, handled: false } } : {}
      client.captureException(error, { originalException: error, ...mechanism }, scope)
    },
    checkIn({ schedule, id, status, rule }: CheckIn) {
      client.captureCheckIn(
        { monitorSlug: schedule, checkInId: id, status } as Parameters<typeof client.captureCheckIn>[0],
        rule && {
          schedule: { type: "crontab", value: rule.cron },
          timezone: rule.zone,
          checkinMargin: rule.margin,
          maxRuntime: rule.longest,
        },
      )
    },
    /** Wait for what is under way, though not for long, and report no more. */
    async end() {
      await within(LAST_WORDS, "Sentry", Promise.resolve(client.close(LAST_WORDS))).catch((error: Error) =>
        createLog("Sentry").warn("The last reports may be lost", { reason: error.message }),
      )
    },
  }
}

function runtime() {
  const { bun, deno = "unknown" } = process.versions
  return bun ? { name: "bun", version: bun } : { name: "deno", version: deno }
}

/** Sentry tells an error object once; ours may be thrown by one try after another, and each is to be told. */
function forgetCapture(error: unknown) {
  if (typeof error === "object" && error !== null) Reflect.deleteProperty(error, "__sentry_captured__")
}

async function packageRelease() {
  const { name, version } = JSON.parse(
    await readFile(new URL("../../package.json", import.meta.url), "utf8"),
  ) as { name: string; version: string }
  return `${name}@${version}`
}
