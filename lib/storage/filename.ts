/** Most characters of a name. */
const LONGEST = 150

/** A name that every system saves a file under: of one line, without what separates folders or means something there. */
export function safeName(filename: string): string {
  const plain = filename
    .toWellFormed()
    .normalize("NFC")
    .replace(/\p{C}+/gu, "")
    .replace(/["*/:<>?\\|]/g, "_")
    .replace(/^[\s.]+|[\s.]+$/g, "")
  const [, name, kind] = /^(.*?)(\.[^.]{1,10})?$/su.exec(plain)!
  return `${[...name!].slice(0, LONGEST).join("")}${kind ?? ""}` || "file"
}

/** The header by which a browser saves what it gets, under this name (RFC 6266, with the name as RFC 8187 has it). */
export function attachment(filename: string): string {
  const ascii = filename
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^ -$&-~]/g, "_")
  const encoded = encodeURIComponent(filename).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii.trim() || "file"}"; filename*=UTF-8''${encoded}`
}
