import { cp, mkdir, readFile, symlink } from "node:fs/promises"
import { join } from "node:path"

const root = join(import.meta.dir, "..")

/** What Dockerfile.worker says: the files it takes from the project, and the program of the image. */
export async function readImage() {
  const text = await readFile(join(root, "Dockerfile.worker"), "utf8")
  const final = text.slice(text.lastIndexOf("\nFROM "))
  const copied = [...final.matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(([, paths]) => paths!.split(" "))
  const command: string[] = JSON.parse(/^CMD (\[.+\])$/m.exec(final)?.[1] ?? "[]")
  return { copied, command, user: /^USER (\S+)$/m.exec(final)?.[1] }
}

/** Make the folder of the image as its build would, but for the packages: those are the ones installed here. */
export async function makeImage(folder: string) {
  const { copied } = await readImage()
  await mkdir(folder, { recursive: true })
  for (const path of copied) {
    await cp(join(root, path), join(folder, path), {
      recursive: true,
      filter: (source) => !/\.test\.tsx?$/.test(source),
    })
  }
  await symlink(join(root, "node_modules"), join(folder, "node_modules"))
}
