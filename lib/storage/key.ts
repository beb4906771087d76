/** Most characters of a key. */
const LONGEST = 500

/** What a browser is to make of a file, by the end of its key. */
const TYPES: Record<string, string> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  ndjson: "application/x-ndjson",
  pdf: "application/pdf",
  png: "image/png",
  txt: "text/plain; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  xml: "application/xml",
  zip: "application/zip",
  zst: "application/zstd",
}

// Folders without a dot and files with one: so no key is the folder of another, nor one of `.` and `..`.
const FOLDERS = /^(?:[\w-]{1,100}\/)*$/
const FILE = /^[\w-][\w.-]{0,90}\.[a-z0-9]{1,8}$/

/** Whether this names a file in a storage: `reports/12/2026-07.pdf`. Letters, digits, `_` and `-`; the file with its kind. */
export function isKey(text: string): boolean {
  const start = text.lastIndexOf("/") + 1
  return text.length <= LONGEST && FOLDERS.test(text.slice(0, start)) && FILE.test(text.slice(start))
}

/** Whether this names a folder of files: `reports/12/`, or nothing for all there is. */
export const isFolder = (text: string): boolean => FOLDERS.test(text)

/** The key itself. Throws a TypeError when it is none. */
export function checkKey(key: string): string {
  if (isKey(key)) return key
  throw new TypeError(
    `${JSON.stringify(key.slice(0, 200))} is no key of a stored file: it has to be like reports/12/2026-07.pdf, of letters, digits, _ and -`,
  )
}

/** The folder itself. Throws a TypeError when it is none. */
export function checkFolder(folder: string): string {
  if (isFolder(folder)) return folder
  throw new TypeError(
    `${JSON.stringify(folder.slice(0, 200))} is no folder of stored files: it has to be like reports/12/`,
  )
}

/** The file's own name, without its folders. */
export const nameOf = (key: string): string => key.slice(key.lastIndexOf("/") + 1)

/** The content type of a stored file. */
export const contentTypeOf = (key: string): string =>
  TYPES[key.slice(key.lastIndexOf(".") + 1)] ?? "application/octet-stream"
