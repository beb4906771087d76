import { linkTo } from "../storage/link.ts"

/** The file of an export that has been made. */
interface Linked {
  fileKey: string | null
  filename: string | null
  expiresAt: Date | null
}

/** Where exports stand in their storage. */
export const EXPORTS = "exports/"

/** The link to an export's file, by the API wherever the file is: there its downloads are counted. */
export const exportLink = ({ fileKey, filename, expiresAt }: Linked): string =>
  linkTo({ key: fileKey!, filename: filename!, expiresAt: Math.floor(expiresAt!.getTime() / 1_000) })
