import { expect, test } from "bun:test"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { z } from "zod"
import { variables } from "../lib/env.ts"
import { jobs } from "../lib/jobs/index.ts"
import { copyProject, shareModules } from "./project.ts"
import { required } from "./required.ts"

const root = join(import.meta.dir, "..")

/** The configuration as the code declares it, a line of the README's table each. */
async function declared() {
  for await (const file of new Bun.Glob("{api,bin,db,lib,worker}/**/*.ts").scan(root)) {
    if (!/\/(?:main|deno|start|check|drill)\.ts$|\.test\.ts$|example\.ts$/.test(file))
      await import(join(root, file))
  }
  return [...variables]
    .filter(([name]) => !name.startsWith("TEST_"))
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, schema]) => `| \`${name}\` | ${defaultOf(schema)} | ${schema.description} |`)
}

function defaultOf(schema: z.ZodType) {
  const fallback = schema.safeParse(undefined)
  if (!fallback.success) return "required"
  return fallback.data === undefined ? "" : `\`${fallback.data}\``
}

test("the README's table of variables is what the code reads", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8")
  const [, table = ""] = readme.split("| variable | default | what |\n|---|---|---|\n")
  expect(table.split("\n\n")[0]?.trim().split("\n")).toEqual(await declared())
})

// Who has followed the README has the job already.
const followed = jobs.some(({ name }) => String(name) === "greeting")

test.skipIf(followed || !required("git", Bun.which("git")))(
  "the README's new job compiles, and its own tests pass",
  async () => {
    const copy = await mkdtemp(join(tmpdir(), "esteira-readme-"))
    await copyProject(copy)
    await shareModules(copy)
    const readme = await readFile(join(root, "README.md"), "utf8")

    const files = [...readme.matchAll(/```ts (\S+)\n(.*?)```/gs)]
    expect(files.map(([, path]) => path)).toEqual([
      "lib/jobs/greeting.ts",
      "worker/processors/greeting.ts",
      "worker/processors/greeting.test.ts",
    ])
    for (const [, path, text] of files) await writeFile(join(copy, path!), text!)

    const [, diff = ""] = /```diff\n(.*?)```/s.exec(readme) ?? []
    const edits = [...diff.matchAll(/^ \/\/ (\S+)\n((?:[+-].*\n)+)/gm)]
    const types = () => outcome([join(root, "node_modules/.bin/tsc")], copy)

    expect(edits.map(([, path]) => path)).toEqual(["lib/jobs/index.ts", "worker/processors/index.ts"])
    await edit(join(copy, edits[0]![1]!), edits[0]![2]!)
    expect(await types()).toMatch(/^worker\/processors\/index\.ts.*'greeting' is missing/m)
    await edit(join(copy, edits[1]![1]!), edits[1]![2]!)
    expect(await types()).toBe("")
    expect(await outcome([process.execPath, "test", "worker/processors/greeting.test.ts"], copy)).toContain(
      " 2 pass\n 0 fail\n",
    )
    await rm(copy, { recursive: true, force: true })
  },
)

/** What a command prints. */
async function outcome(command: string[], cwd: string) {
  const child = Bun.spawn(command, { cwd, env: process.env, stdin: "ignore", stdout: "pipe", stderr: "pipe" })
  const said = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  await child.exited
  return said.join("")
}

/** Make the change a diff shows: a line that goes is where those after it come, others come first. */
async function edit(file: string, diff: string) {
  let text = await readFile(file, "utf8")
  for (const [, gone, come = ""] of diff.matchAll(/(?:^-(.*)\n)?((?:^\+.*\n)+)/gm)) {
    const lines = come.replaceAll(/^\+/gm, "")
    if (gone !== undefined) expect(text).toContain(`${gone}\n`)
    text = gone === undefined ? lines + text : text.replace(`${gone}\n`, lines)
  }
  await writeFile(file, text)
}
