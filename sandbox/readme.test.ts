import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { z } from "zod"
import { createApp } from "../api/app.ts"
import { templateNames, templateProps } from "../lib/emails/index.ts"
import { variables } from "../lib/env.ts"
import { jobs } from "../lib/jobs/index.ts"
import { partnerNames } from "../lib/partners/index.ts"
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

test("the README's table of mail templates is what they take", async () => {
  const [, table = ""] = (await readFile(join(root, "README.md"), "utf8")).split(
    "| template | what it says | data |\n|---|---|---|\n",
  )
  const rows = table
    .split("\n\n")[0]
    ?.trim()
    .split("\n")
    .map((row) => row.split(" | "))
  const taken = templateNames.map((name) => {
    const shape: Record<string, z.ZodType> = templateProps[name].shape
    const keys = Object.keys(shape).map(
      (key) => `\`${key}${shape[key]!.safeParse(undefined).success ? "?" : ""}\``,
    )
    return [`| \`${name}\``, `${keys.join(", ")} |`]
  })
  expect(rows?.map(([name, , data]) => [name, data])).toEqual(taken as never)
})

test("the README's table of operators' routes is what the API has below /api/admin/jobs", async () => {
  const [, table = ""] = (await readFile(join(root, "README.md"), "utf8")).split(
    "| route | what |\n|---|---|\n",
  )
  const told = (table.split("\n\n")[0] ?? "").split("\n").flatMap((row) => {
    const paths = [...(row.split(" | ")[0] ?? "").matchAll(/`(?:([A-Z]+) )?([^`?]+)(?:\?[^`]*)?`/g)]
    return paths.map(([, , path]) => `${paths[0]![1]} ${unnamed(path!)}`)
  })
  const prefix = "/api/admin/jobs"
  const there = createApp()
    .routes.filter(({ path }) => path.startsWith(`${prefix}/`))
    .map(({ method, path }) => `${method} ${unnamed(path.slice(prefix.length))}`)
  expect(told.sort()).toEqual(there.sort())
})

const unnamed = (path: string) => path.replaceAll(/:\w+/g, ":")

const hasGit = required("git", Bun.which("git"))

/** What a section of the README has one write. */
interface Steps {
  heading: string
  /** Whether this project has it already: somebody has followed the README. */
  isDone: boolean
  files: string[]
  lists: string[]
  /** What the compiler says of the first list without the second. */
  refusal?: RegExp
}

const job: Steps = {
  heading: "## Add a job",
  isDone: jobs.some(({ name }) => String(name) === "greeting"),
  files: ["lib/jobs/greeting.ts", "worker/processors/greeting.ts", "worker/processors/greeting.test.ts"],
  lists: ["lib/jobs/index.ts", "worker/processors/index.ts"],
  refusal: /^worker\/processors\/index\.ts.*'greeting' is missing/m,
}
const template: Steps = {
  heading: "### Add a mail template",
  isDone: templateNames.some((name) => String(name) === "keys-ready"),
  files: ["lib/emails/keys-ready.ts", "emails/keys-ready.tsx"],
  lists: ["lib/emails/index.ts", "emails/index.ts"],
  refusal: /^emails\/index\.ts.*'"keys-ready"' is missing/m,
}
const partner: Steps = {
  heading: "### Add a partner",
  isDone: partnerNames.some((name) => String(name) === "acme"),
  files: ["lib/partners/acme.ts"],
  lists: ["lib/partners/index.ts"],
}
const steps = [job, template, partner].filter(({ isDone }) => !isDone)

describe.skipIf(!hasGit || steps.length === 0)(
  "what the README has one add, in a copy of the project,",
  () => {
    let copy: string
    beforeAll(async () => {
      copy = await mkdtemp(join(tmpdir(), "esteira-readme-"))
      await copyProject(copy)
      await shareModules(copy)
    })
    afterAll(() => rm(copy, { recursive: true, force: true }))

    test("is refused by the compiler with the first of two lists alone, and compiles with both", async () => {
      const edits = await Promise.all(steps.map((each) => writeFilesOf(each, copy)))
      const types = () => outcome([join(root, "node_modules/.bin/tsc")], copy)

      for (const [first] of edits) await edit(copy, first!)
      const said = await types()
      for (const { refusal } of steps) if (refusal) expect(said).toMatch(refusal)
      for (const second of edits.flatMap(([, ...more]) => more)) await edit(copy, second)
      expect(await types()).toBe("")
    }, 300_000)

    test.skipIf(job.isDone)("is a job that passes tests of its own", async () => {
      const said = await outcome([process.execPath, "test", "worker/processors/greeting.test.ts"], copy)
      expect(said).toContain(" 2 pass\n 0 fail\n")
    })

    test.skipIf(template.isDone)("is a mail template that passes the tests of every template", async () => {
      const said = await outcome([process.execPath, "test", "-t", "keys-ready", "emails/"], copy)
      expect(said).toContain(" 0 fail\n")
      expect(Number(/ (\d+) pass\n/.exec(said)?.[1])).toBeGreaterThan(8)
    })
  },
)

/** Write the files that a section of the README shows, and return how it changes the lists, in their order. */
async function writeFilesOf({ heading, files, lists }: Steps, copy: string) {
  const readme = await readFile(join(root, "README.md"), "utf8")
  const section = readme.split(`\n${heading}\n`)[1]!.split(/\n##+ /)[0]!

  const written = [...section.matchAll(/```tsx? (\S+)\n(.*?)```/gs)]
  expect(written.map(([, path]) => path)).toEqual(files)
  for (const [, path, text] of written) await writeFile(join(copy, path!), text!)

  const [, diff = ""] = /```diff\n(.*?)```/s.exec(section) ?? []
  const edits = [...diff.matchAll(/^ \/\/ (\S+)\n((?:[ +-].*\n)+)/gm)]
  expect(edits.map(([, path]) => path)).toEqual(lists)
  return edits.map(([, path, change]) => ({ path: path!, change: change! }))
}

/** What a command prints. */
async function outcome(command: string[], cwd: string) {
  const child = Bun.spawn(command, { cwd, env: process.env, stdin: "ignore", stdout: "pipe", stderr: "pipe" })
  const said = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  await child.exited
  return said.join("")
}

/** Make the change a diff shows: lines come after the one that stays, or where the one that goes was; others come first. */
async function edit(folder: string, { path, change }: { path: string; change: string }) {
  const file = join(folder, path)
  let text = await readFile(file, "utf8")
  for (const [, sign, line, come = ""] of change.matchAll(/(?:^([ -])(.*)\n)?((?:^\+.*\n)+)/gm)) {
    const lines = come.replaceAll(/^\+/gm, "")
    const place = `${line}\n`
    if (sign) expect(text).toContain(place)
    text = sign ? text.replace(place, (sign === " " ? place : "") + lines) : lines + text
  }
  await writeFile(file, text)
}
