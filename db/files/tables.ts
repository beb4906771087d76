import { exportFiles } from "../exports/requests.ts"
import { invoiceFiles } from "../invoice-documents.ts"
import { feedFiles } from "../listing-feeds.ts"
import { reportFiles } from "../reports.ts"
import type { NamedFiles } from "./named.ts"

/** Every table whose rows name stored files; backups keep account of theirs themselves. */
export const namedFiles: readonly NamedFiles[] = [reportFiles, invoiceFiles, exportFiles, feedFiles]
