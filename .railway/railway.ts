import { defineRailway, preserve, project, service } from "railway/iac"

/** Seconds that runs and requests have to end once a new deployment takes over. */
const DRAIN_SECONDS = 25

/**
 * Seconds before what has not ended is killed: above those to drain, five for what does not heed the signal, and what
 * closing takes (the ledger, Sentry, the connections).
 */
const UNTIL_KILLED = DRAIN_SECONDS + 20

const deploy = {
  healthcheckPath: "/health",
  healthcheckTimeout: 120,
  restartPolicyType: "ALWAYS",
  drainingSeconds: UNTIL_KILLED,
  sleepApplication: false,
} as const

/** What both need; `preserve()` is what was set in Railway, and stays there. */
const env = {
  NODE_ENV: "production",
  DRAIN_SECONDS: String(DRAIN_SECONDS),
  REDIS_URL: preserve(),
  DATABASE_URL: preserve(),
}

/** The project on Railway: `railway config plan` shows what would change, `railway config apply` changes it. */
export default defineRailway(() => {
  const api = service("api", {
    // Railpack runs it in a shell, which would keep the signals for itself.
    start: "exec bun run api",
    preDeploy: "bun run migrate",
    // The old one answers until the new one is known everywhere.
    deploy: { ...deploy, overlapSeconds: 10 },
    env: { ...env, DIRECT_URL: preserve(), ADMIN_API_KEY: preserve() },
  })
  const worker = service("worker", {
    // Started as the image says.
    build: { builder: "DOCKERFILE", dockerfilePath: "Dockerfile.worker" },
    preDeploy: "bun run migrate",
    // It serves nobody, so the old one stops taking runs as soon as the new one is healthy.
    deploy: { ...deploy, overlapSeconds: 0 },
    env: {
      ...env,
      DIRECT_URL: preserve(),
      APP_URL: preserve(),
      FROM_EMAIL: preserve(),
      RESEND_API_KEY: preserve(),
    },
  })
  return project("esteira", { resources: [api, worker] })
})
