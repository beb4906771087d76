import { z } from "zod"
import { pii } from "../pii.ts"
import { timeZone } from "../zone.ts"
import { withExample } from "./example.ts"
import { day, fileSize, highlights, instant, link, userName } from "./fields.ts"

/** What the `report-ready` mail says: which report, its figures at a glance, and where to fetch it. */
export const reportReadyProps = withExample(
  z
    .object({
      userName: userName.optional(),
      type: z.enum(["daily", "weekly", "monthly", "yearly", "custom"]),
      startDate: day,
      endDate: day,
      format: z.enum(["pdf", "xlsx", "csv"]),
      fileSize: fileSize.optional(),
      highlights,
      downloadUrl: pii(link),
      expiresAt: instant.optional(),
      timeZone,
    })
    .refine(({ startDate, endDate }) => startDate <= endDate, {
      path: ["endDate"],
      error: "a day not before startDate",
    }),
  {
    userName: "Ana Beatriz",
    type: "monthly",
    startDate: "2026-01-01",
    endDate: "2026-01-31",
    format: "pdf",
    fileSize: 1_412_000,
    highlights: [
      { label: "Aluguéis recebidos", value: "R$ 128.430,00" },
      { label: "Aluguéis em atraso", value: "R$ 4.650,00" },
      { label: "Contratos ativos", value: "83" },
    ],
    downloadUrl: "https://app.example.com/files/cmVwb3J0",
    expiresAt: "2026-02-08T11:00:00Z",
    timeZone: "America/Sao_Paulo",
  },
  {
    highlights: [
      { label: "Rent received", value: "R$128,430.00" },
      { label: "Rent overdue", value: "R$4,650.00" },
      { label: "Active contracts", value: "83" },
    ],
  },
)
