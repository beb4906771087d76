import { logAccess } from "../access-logs.ts"
import { pool } from "../pool.ts"
import { countDownload } from "./requests.ts"

/** Somebody who fetches a file. */
interface Fetching {
  fileKey: string
  /** Whether from its beginning: only that is another download. */
  fromStart: boolean
  address: string | undefined
  userAgent: string | undefined
}

/** Note who fetches the file of an export; false when it is to be had no longer. */
export const noteFetched = ({ fileKey, fromStart, address, userAgent }: Fetching): Promise<boolean> =>
  pool().begin(async (tx) => {
    const fetched = await countDownload(fileKey, fromStart, tx)
    if (!fetched) return false
    const { id, subjectType, subjectId } = fetched
    const who = { address: address ?? null, userAgent: userAgent?.slice(0, 500) ?? null }
    await logAccess({ action: "export.downloaded", exportId: id, subjectType, subjectId, ...who }, tx)
    return true
  })
