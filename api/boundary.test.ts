import { describe, expect, test } from "bun:test"
import { join, relative } from "node:path"

const root = join(import.meta.dir, "..")

/** The project's own files that a bundle of this entry holds; `atStart`, those of them that it does not wait for a request to load. */
async function filesIn(entry: string, target: "bun" | "node" = "bun", atStart = false) {
  const built = await Bun.build({
    entrypoints: [join(root, entry)],
    target,
    packages: "external",
    metafile: true,
  })
  const named = (file: string) => relative(root, join(process.cwd(), file))
  const inputs = new Map(
    Object.entries(built.metafile?.inputs ?? {}).map(([file, { imports }]) => [
      named(file),
      imports.filter(({ kind }) => !(atStart && kind === "dynamic-import")).map(({ path }) => named(path)),
    ]),
  )
  const reached = new Set([entry])
  for (const file of reached)
    for (const path of inputs.get(file) ?? []) if (inputs.has(path)) reached.add(path)
  return [...reached]
}

const within = (files: string[], folders: RegExp) => files.filter((file) => folders.test(file))

describe.each(["api/main.ts", "api/deno.ts"])("the bundle of %s", (entry) => {
  test("holds the API and what it needs, and nothing of the worker or the stand-ins", async () => {
    const files = await filesIn(entry)
    expect(files).toContain("api/routes/jobs.ts")
    expect(files).toContain("lib/jobs/email.ts")
    expect(within(files, /^(worker|sandbox|bin)\//)).toEqual([])
  })

  test("loads the templates for whoever looks at one, and not at its start", async () => {
    expect(await filesIn(entry)).toContain("emails/welcome.tsx")
    expect(within(await filesIn(entry, "bun", true), /^emails\//)).toEqual([])
  })
})

test("the worker's bundle holds the processors and the templates, and nothing of the API or the stand-ins", async () => {
  const files = await filesIn("worker/main.ts")
  expect(files).toContain("worker/processors/email.ts")
  expect(files).toContain("emails/welcome.tsx")
  expect(within(files, /^(api|sandbox|bin)\//)).toEqual([])
})

test("the producers' bundle is of lib alone", async () => {
  const files = await filesIn("lib/producers.ts", "node")
  expect(files).toContain("lib/enqueue.ts")
  expect(within(files, /^(?!lib\/)/)).toEqual([])
})

test("lib imports nothing of ours but lib, and db nothing but lib and db", async () => {
  const imports = new Bun.Transpiler({ loader: "ts" })
  const found: string[] = []
  for await (const file of new Bun.Glob("{lib,db}/**/*.ts").scan(root)) {
    if (/\.test\.ts$/.test(file)) continue
    for (const { path } of imports.scanImports(await Bun.file(join(root, file)).text())) {
      if (path.startsWith(".")) found.push(`${file} -> ${relative(root, join(root, file, "..", path))}`)
    }
  }
  expect(found).toContain("db/main.ts -> lib/boot.ts")
  expect(found.filter((arrow) => !/^lib\/\S+ -> lib\/|^db\/\S+ -> (?:lib|db)\//.test(arrow))).toEqual([])
})
