import { countFiles } from "../../db/exports/expiry.ts"
import { expireExports } from "../exports/expire.ts"
import type { Run } from "../run.ts"
import { type Item, reasons, type Wanted } from "./item.ts"

/** Delete the files of exports whose links have expired, however old they are; no other before. */
export async function cleanExportFiles({ dryRun }: Wanted, { signal }: Run): Promise<Item[]> {
  const deleted = dryRun ? (await countFiles()).expired : await expireExports(signal)
  const { linked } = await countFiles()
  return [
    {
      what: "files of exports",
      deleted,
      kept: reasons({ count: linked, why: "a link to it has not expired" }),
    },
  ]
}
