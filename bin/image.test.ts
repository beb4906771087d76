import { expect, test } from "bun:test"
import { isBuiltin } from "node:module"
import { join, relative } from "node:path"
import { makeImage, readImage } from "../sandbox/image.ts"
import { temporaryFolder } from "../sandbox/testing.ts"

const root = join(import.meta.dir, "..")

/** What an entry imports, directly and through others: files of the project, and packages. */
async function importsOf(entry: string) {
  const built = await Bun.build({
    entrypoints: [join(root, entry)],
    target: "bun",
    packages: "external",
    metafile: true,
  })
  const inputs = Object.entries(built.metafile?.inputs ?? {})
  const external = inputs.flatMap(([, { imports }]) => imports).filter((found) => found.external)
  return {
    files: inputs.map(([file]) => relative(root, join(process.cwd(), file))),
    packages: new Set(external.map(({ path }) => packageOf(path)).filter((name) => name !== undefined)),
  }
}

function packageOf(path: string) {
  if (isBuiltin(path)) return undefined
  return path.split("/", path.startsWith("@") ? 2 : 1).join("/")
}

test.each(["worker/main.ts", "db/main.ts"])("the image holds all that %s imports", async (entry) => {
  const { copied } = await readImage()
  const { dependencies } = await Bun.file(join(root, "package.json")).json()
  const { files, packages } = await importsOf(entry)
  expect(files).toContain(entry)
  expect(files.filter((file) => !copied.includes(file.split("/")[0]!))).toEqual([])
  expect([...packages]).toContain("postgres")
  expect([...packages].filter((name) => !(name in dependencies))).toEqual([])
})

test("the image's worker is no root, and its program is started without a shell", async () => {
  expect(await readImage()).toMatchObject({ user: "bun", command: ["bun", "worker/main.ts"] })
})

test("what the image takes is what its build is given", async () => {
  const given = (await Bun.file(join(root, ".dockerignore")).text()).matchAll(/^!(.+)$/gm)
  const { copied } = await readImage()
  expect([...copied, "bun.lock", "patches"].sort()).toEqual([...given].map(([, path]) => path!).sort())
})

test("the release step runs in the image", async () => {
  const folder = join(await temporaryFolder(), "image")
  await makeImage(folder)
  const child = Bun.spawn([process.execPath, "run", "migrate"], {
    cwd: folder,
    env: process.env,
    stdout: "pipe",
    stderr: "ignore",
  })
  expect(await new Response(child.stdout).text()).toBe("Nothing to migrate\n")
  expect(await child.exited).toBe(0)
})
