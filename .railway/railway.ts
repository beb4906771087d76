import { defineRailway, preserve, project, service } from "railway/iac"

/** Seconds that runs and requests have to end once a new deployment takes over. */
const DRAIN_SECONDS = 25

/** Seconds that closing may take on top: for what does not heed the signal, the ledger, Sentry and the connections. */
const TO_CLOSE = 35

const deploy = {
  healthcheckPath: "/health",
  healthcheckTimeout: 120,
  restartPolicyType: "ALWAYS",
  drainingSeconds: DRAIN_SECONDS + TO_CLOSE,
  sleepApplication: false,
} as const

/** What both need; `preserve()` is what was set in Railway, and stays there. */
const env = {
  NODE_ENV: "production",
  DRAIN_SECONDS: String(DRAIN_SECONDS),
  REDIS_URL: preserve(),
  DATABASE_URL: preserve(),
  DIRECT_URL: preserve(),
  SENTRY_DSN: preserve(),
  STORAGE_URL: preserve(),
  AWS_ACCESS_KEY_ID: preserve(),
  AWS_SECRET_ACCESS_KEY: preserve(),
  BACKUP_BUCKET: preserve(),
  BACKUP_SIGNING_KEY: preserve(),
  APP_URL: preserve(),
  API_URL: preserve(),
  FROM_EMAIL: preserve(),
  SECRETS_KEY: preserve(),
  VAPID_PUBLIC_KEY: preserve(),
}

/** The project on Railway: `railway config plan` shows what would change, `railway config apply` changes it. */
export default defineRailway(() => {
  const api = service("api", {
    // Railpack runs it in a shell, which would keep the signals for itself.
    start: "exec bun run api",
    preDeploy: "bun run migrate",
    // The old one answers until the new one is known everywhere.
    deploy: { ...deploy, overlapSeconds: 10 },
    // The header that Railway's edge sets itself.
    env: { ...env, ADMIN_API_KEY: preserve(), SESSION_SECRET: preserve(), TRUSTED_PROXY: "x-real-ip" },
  })
  const worker = service("worker", {
    // Started as the image says.
    build: { builder: "DOCKERFILE", dockerfilePath: "Dockerfile.worker" },
    preDeploy: "bun run migrate",
    // It serves nobody, so the old one stops taking runs as soon as the new one is healthy.
    deploy: { ...deploy, overlapSeconds: 0 },
    env: {
      ...env,
      RESEND_API_KEY: preserve(),
      BACKUP_RECIPIENTS: preserve(),
      BACKUP_IDENTITY: preserve(),
      VAPID_PRIVATE_KEY: preserve(),
      VAPID_SUBJECT: preserve(),
    },
  })
  return project("esteira", { resources: [api, worker] })
})
