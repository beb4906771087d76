import { z } from "zod"
import { pii } from "../pii.ts"
import { timeZone } from "../zone.ts"
import { withExample } from "./example.ts"
import { fileSize, instant, link, userName } from "./fields.ts"

/** What the `export-ready` mail says: the data asked for are fetched by a link that expires, and never travel in the mail. */
export const exportReadyProps = withExample(
  z.object({
    userName: userName.optional(),
    type: z.enum(["user-data", "properties", "contracts", "all", "tables"]),
    format: z.enum(["zip", "json", "csv", "xlsx"]),
    fileSize: fileSize.optional(),
    requestedAt: instant.optional(),
    downloadUrl: pii(link),
    expiresAt: instant,
    timeZone,
  }),
  {
    userName: "Ana Beatriz",
    type: "user-data",
    format: "zip",
    fileSize: 48_300_000,
    requestedAt: "2026-02-10T17:30:00Z",
    downloadUrl: "https://app.example.com/files/ZXhwb3J0",
    expiresAt: "2026-02-17T17:45:00Z",
    timeZone: "America/Sao_Paulo",
  },
)
