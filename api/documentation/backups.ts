import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { backup } from "../../lib/jobs/backup.ts"
import { like } from "../../lib/like.ts"
import { backupDownload, toldBackup } from "../backups.ts"
import { backupsQuery } from "../requests.ts"
import { errors, UNCONFIRMED } from "./errors.ts"
import { RUN_ID } from "./example.ts"
import { refusedPayload } from "./jobs.ts"
import { json } from "./json.ts"
import { done, IS_KEPT, inPath, inQuery, runId } from "./parts.ts"

const tags = [backup.name]
const id = inPath("id")

const started = (message: string, status: "enqueued" | "accepted") =>
  z.object({
    message: like(z.string(), message),
    jobId: runId.describe("also the id of the backup that comes of it"),
    status: like(z.enum(["enqueued", "accepted"]), status),
  })

const BEGUN = "Backup iniciado."
const kept = like(toldBackup, {
  ...{ id: RUN_ID, type: "full", status: "completed", previousId: null, baseId: null, description: null },
  ...{
    tables: null,
    compressed: true,
    encrypted: true,
    rows: 412_907,
    bytes: 18_204_551,
    rawBytes: 96_318_204,
  },
  ...{ parts: 2, files: 0, retentionDays: 30 },
  ...{ startedAt: "2026-02-10T05:00:00.000Z", finishedAt: "2026-02-10T05:00:41.700Z" },
  ...{ verifiedAt: "2026-02-10T05:00:44.100Z", restoredAt: "2026-02-15T07:41:38.000Z", restoreSeconds: 33.9 },
  error: null,
})

const unknown = ["No such backup", `No backup ${RUN_ID}`] as const
const unread = [
  "The backup is not there yet, or no longer",
  `The backup ${RUN_ID} is running: there is nothing of it to read`,
] as const
const away = "PostgreSQL does not answer"

/** The reference's page on starting a backup. */
export const documentBackupStart = (): DocumentDecoration => ({
  tags,
  summary: "Start a backup",
  operationId: "start-backup",
  requestBody: {
    required: false,
    content: json(backup.accepts!.input, "input", {
      backupType: "full",
      compress: true,
      tables: ["products", "markets"],
    }),
  },
  responses: {
    200: { description: "It is queued", content: json(started(BEGUN, "enqueued"), "output") },
    202: { description: IS_KEPT, content: json(started(BEGUN, "accepted"), "output") },
    ...errors({
      400: ["The body is not what a backup takes", refusedPayload(backup as never)],
      503: ["Neither Redis nor PostgreSQL confirmed the run", UNCONFIRMED],
    }),
  },
})

/** The reference's page on the backups there are. */
export const documentBackupList = (): DocumentDecoration => ({
  tags,
  summary:
    "Backups, the latest first: how large, of which chain, and when they were found whole and restored",
  operationId: "list-backups",
  parameters: inQuery(backupsQuery),
  responses: {
    200: {
      description: "A page of them; `next` is null on the last",
      content: json(
        z.object({ backups: z.array(kept), next: like(toldBackup.shape.id.nullable(), RUN_ID) }),
        "output",
      ),
    },
    ...errors({ 400: "No such page", 503: away }),
  },
})

/** The reference's page on a backup. */
export const documentBackup = (): DocumentDecoration => ({
  tags,
  summary: "What is known of a backup",
  operationId: "show-backup",
  parameters: [id],
  responses: {
    200: { description: "The backup", content: json(kept, "output") },
    ...errors({ 404: unknown, 503: away }),
  },
})

const files = like(backupDownload, {
  id: RUN_ID,
  expiresAt: "2026-02-10T13:00:00.000Z",
  files: [
    {
      ...{ key: "manifest.json", bytes: null, sha256: null },
      url: "https://api.example.com/files/eyJrIjoiYmFja3VwcyJ9.c2lnbmF0dXJl",
    },
    {
      key: "data/0001.rows",
      bytes: 18_204_551,
      sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      url: "https://api.example.com/files/eyJrIjoiYmFja3VwcyJ9.b3RoZXI",
    },
  ],
})

/** The reference's page on downloading a backup. */
export const documentBackupDownload = (): DocumentDecoration => ({
  tags,
  summary: "Links to the files of a backup, for an hour",
  operationId: "download-backup",
  parameters: [id],
  responses: {
    200: { description: "The links", content: json(files, "output") },
    ...errors({
      404: unknown,
      409: unread,
      503: away,
    }),
  },
})

/** The reference's page on checking a backup. */
export const documentBackupVerify = (): DocumentDecoration => ({
  tags,
  summary:
    "Have a backup read back, and its hashes compared; a restore drill is a run of `backup` with `type: drill`",
  operationId: "verify-backup",
  parameters: [id],
  responses: {
    202: {
      description: `It is queued; ${IS_KEPT}`,
      content: json(started("Verificação iniciada.", "enqueued"), "output"),
    },
    ...errors({
      404: unknown,
      409: unread,
      503: away,
    }),
  },
})

/** The reference's page on deleting a backup. */
export const documentBackupDelete = (): DocumentDecoration => ({
  tags,
  summary: "Delete a backup; never one that others go on from, nor the last that was found whole",
  operationId: "delete-backup",
  parameters: [id],
  responses: {
    200: {
      description: "It is deleted; its files go as soon as nobody reads them",
      content: json(done("Backup excluído."), "output"),
    },
    ...errors({
      404: unknown,
      409: [
        "It is needed, and why",
        `The backup ${RUN_ID} stays: other backups go on from it: delete those first`,
      ],
      503: away,
    }),
  },
})
