import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { backup } from "../../lib/jobs/backup.ts"
import { backupDownload, toldBackup } from "../backups.ts"
import { backupsQuery } from "../requests.ts"
import { errors, IS_KEPT, inPath, inQuery, json } from "./parts.ts"

const tags = [backup.name]
const id = inPath("id")

const started = z.object({
  message: z.string(),
  jobId: z.string().describe("also the id of the backup that comes of it"),
  status: z.enum(["enqueued", "accepted"]),
})

const unknown = "No such backup"
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
    200: { description: "It is queued", content: json(started, "output") },
    202: { description: IS_KEPT, content: json(started, "output") },
    ...errors({
      400: "The body is not what a backup takes",
      503: "Neither Redis nor PostgreSQL confirmed the run",
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
        z.object({ backups: z.array(toldBackup), next: toldBackup.shape.id.nullable() }),
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
    200: { description: "The backup", content: json(toldBackup, "output") },
    ...errors({ 404: unknown, 503: away }),
  },
})

/** The reference's page on downloading a backup. */
export const documentBackupDownload = (): DocumentDecoration => ({
  tags,
  summary: "Links to the files of a backup, for an hour",
  operationId: "download-backup",
  parameters: [id],
  responses: {
    200: { description: "The links", content: json(backupDownload, "output") },
    ...errors({
      404: unknown,
      409: "The backup is not there yet, or no longer",
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
    202: { description: `It is queued; ${IS_KEPT}`, content: json(started, "output") },
    ...errors({
      404: unknown,
      409: "The backup is not there yet, or no longer",
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
      content: json(z.object({ success: z.literal(true), message: z.string() }), "output"),
    },
    ...errors({ 404: unknown, 409: "It is needed, and why", 503: away }),
  },
})
