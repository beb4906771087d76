import { z } from "zod"
import type { Export } from "../db/exports/requests.ts"
import { subjectTypes } from "../lib/exports/subjects.ts"

const number = z.int().nonnegative().nullable()
const time = z.iso.datetime().nullable()

/** An export as its routes tell it: without what is in it, and without the address it went to. */
export const toldExport = z.object({
  id: z.int(),
  jobId: z.string(),
  content: z
    .enum(["tables", "properties", "contracts", "subject"])
    .describe("subject: what is kept of a person"),
  status: z.enum(["processing", "completed", "failed", "cancelled", "expired"]),
  agencyId: number.describe("whose rows alone are in it; null for those of all"),
  requestedBy: number.describe("the user who asked"),
  subjectType: z.enum(subjectTypes).nullable(),
  subjectId: number,
  mailed: z.boolean().describe("whether the link went to somebody by mail, and goes to nobody else"),
  format: z.string(),
  files: number,
  rows: number,
  fileSize: number.describe("bytes"),
  sha256: z.string().nullable(),
  downloads: z.int().nonnegative(),
  error: z.string().nullable(),
  requestedAt: z.iso.datetime(),
  deadlineAt: time.describe("when a person's request has to be answered"),
  completedAt: time,
  expiresAt: time,
})

export const tellExport = (found: Export): z.output<typeof toldExport> => ({
  id: found.id,
  jobId: found.runId,
  content: found.content,
  status: found.status,
  agencyId: found.agencyId,
  requestedBy: found.requestedBy,
  subjectType: found.subjectType,
  subjectId: found.subjectId,
  mailed: found.email !== null,
  format: found.format,
  files: found.files,
  rows: found.rows,
  fileSize: found.fileSize,
  sha256: found.sha256,
  downloads: found.downloads,
  error: found.error,
  requestedAt: found.requestedAt.toISOString(),
  deadlineAt: found.deadlineAt?.toISOString() ?? null,
  completedAt: found.completedAt?.toISOString() ?? null,
  expiresAt: found.expiresAt?.toISOString() ?? null,
})
