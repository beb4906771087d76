import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

/** The faces of a document: two weights, and one for scripts that these do not have. */
export type Face = "regular" | "bold" | "other"

const SOURCE_SANS = "@expo-google-fonts/source-sans-3"

const files: Record<Face, string> = {
  regular: `${SOURCE_SANS}/400Regular/SourceSans3_400Regular.ttf`,
  bold: `${SOURCE_SANS}/700Bold/SourceSans3_700Bold.ttf`,
  other: "dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf",
}

export const faces = Object.keys(files) as Face[]

const read = new Map<Face, Buffer>()

/** A face as a TrueType file, read once a process. */
export function fontFile(face: Face): Buffer {
  const file = read.get(face) ?? readFileSync(fileURLToPath(import.meta.resolve(files[face])))
  read.set(face, file)
  return file
}
