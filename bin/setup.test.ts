import { afterEach, describe, expect, test } from "bun:test"
import { spawn } from "node:child_process"
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { required } from "../sandbox/required.ts"
import { until } from "../sandbox/until.ts"

const stayUp = `console.log("up"); setInterval(() => {}, 60_000)`
const node = realNode()
const undo: (() => unknown)[] = []

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

describe.each(node ? [node, process.execPath] : [process.execPath])("with %s", (runtime) => {
  test("passes arguments and the exit code through", async () => {
    const project = await installed("console.log(...Bun.argv.slice(2)); process.exit(7)")
    const { code, output } = await project.setup(runtime, ["a", "b c"]).ended
    expect({ code, output }).toEqual({ code: 7, output: "a b c\n" })
  })

  test.each(["SIGTERM", "SIGHUP"] as const)("forwards %s and waits for the end", async (signal) => {
    const project = await installed(`process.on("${signal}", () => process.exit(7)); ${stayUp}`)
    const run = project.setup(runtime)
    await run.says("up")
    process.kill(run.pid, signal)
    expect(await run.ended).toMatchObject({ code: 7 })
  })

  test("stays until its script has ended when the terminal interrupts both", async () => {
    const project = await installed(`process.on("SIGINT", () => process.exit(7)); ${stayUp}`)
    const run = project.setup(runtime)
    await run.says("up")
    process.kill(-run.pid, "SIGINT")
    expect(await run.ended).toMatchObject({ code: 7 })
  })

  test("ends by the signal that ended its script", async () => {
    const project = await installed(`process.kill(process.pid, "SIGKILL"); ${stayUp}`)
    expect(await project.setup(runtime).ended).toMatchObject({ code: null, signal: "SIGKILL" })
  })
})

test("needs nothing but Bun on the PATH", async () => {
  const project = await installed("process.exit(7)")
  await symlink(process.execPath, join(project.path, "bun"))
  await symlink("/bin/sh", join(project.path, "sh"))
  expect(await project.run(process.execPath, ["run", "start"]).ended).toMatchObject({ code: 7 })
})

describe.if(required("Node", node))("the first installation", () => {
  test("is done once, by a Bun that was there, until package.json changes", async () => {
    const project = await bare()
    await project.program("bun", fakeBun())
    expect((await project.setup().ended).output).toBe("Installing dependencies…\nhello\n")
    expect((await project.setup().ended).output).toBe("hello\n")
    await appendFile(join(project.folder, "package.json"), "\n")
    expect((await project.setup().ended).output).toBe("Installing dependencies…\nhello\n")
    expect(await project.calls()).toBe("bun install --frozen-lockfile\n".repeat(2))
  })

  test("is done by the pinned Bun, fetched with npm, where the one on the PATH is too old", async () => {
    const project = await bare()
    await project.program("bun", fakeBun("1.0.0"))
    await project.program("npm", fakeNpm)
    expect(await project.setup().ended).toMatchObject({
      code: 0,
      output: "Installing dependencies…\nhello\n",
    })
    expect(await project.calls()).toBe(
      "npm install --no-save --ignore-scripts bun@1.4.5\nbun install --frozen-lockfile\n",
    )
    expect(await readdir(project.temporary)).toEqual([])
  })

  test("is done by one of two that start at once", async () => {
    const project = await bare()
    await project.program("bun", fakeBun())
    const both = await Promise.all([project.setup().ended, project.setup().ended])
    for (const run of both) expect(run).toMatchObject({ code: 0, output: expect.stringContaining("hello") })
    expect(await project.calls()).toBe("bun install --frozen-lockfile\n")
  })

  test("is not stopped by the lock of a start that was killed", async () => {
    const project = await bare()
    await project.program("bun", fakeBun())
    const gone = Bun.spawn(["true"])
    await gone.exited
    await mkdir(join(project.folder, "node_modules"))
    await symlink(`${gone.pid}`, join(project.folder, "node_modules", ".esteira.lock"))
    expect(await project.setup().ended).toMatchObject({ code: 0 })
  })

  test("uses the Bun inside the package where its install script did not run", async () => {
    const project = await bare()
    const placed =
      "/bin/mkdir -p node_modules/@oven/bun-a/bin node_modules/@oven/bun-b/bin node_modules/bun/bin"
    const links = `echo no > node_modules/bun/bin/bun.exe; /bin/ln -s ${process.execPath} node_modules/@oven/bun-b/bin/bun`
    await project.program("bun", fakeBun("1.4.5", `${placed}; ${links}`))
    expect(await project.setup().ended).toMatchObject({
      code: 0,
      output: "Installing dependencies…\nhello\n",
    })
  })

  test("shows what the installer said when it fails, and tries again the next time", async () => {
    const project = await bare()
    await project.program("bun", fakeBun("1.4.5", "echo no space left >&2; exit 1"))
    const { code, output } = await project.setup().ended
    expect(code).toBe(1)
    expect(output).toMatch(
      /no space left\n\nThe dependencies could not be installed: what .*bun said is above\.\n$/,
    )
    await project.program("bun", fakeBun())
    expect(await project.setup().ended).toMatchObject({ code: 0 })
  })

  test("asks for Bun or npm where there is neither", async () => {
    const project = await bare()
    expect(await project.setup().ended).toMatchObject({
      code: 1,
      output: expect.stringContaining("bun@1.4.5 cannot be fetched without npm: install npm, or Bun itself"),
    })
  })

  test("does not happen in production", async () => {
    const project = await bare(undefined, { NODE_ENV: "production" })
    await project.program("bun", fakeBun())
    expect(await project.setup().ended).toMatchObject({ code: 0, output: "hello\n" })
    expect(await project.calls()).toBe("")
  })
})

/** A project whose dependencies are there: in production, that is taken for granted. */
async function installed(script: string) {
  const project = await bare(script, { NODE_ENV: "production" })
  const bin = join(project.folder, "node_modules", "bun", "bin")
  await mkdir(bin, { recursive: true })
  await symlink(process.execPath, join(bin, "bun.exe"))
  return project
}

/** A project as it is cloned, on a system that has no programs but those it is given. */
async function bare(script = 'console.log("hello")', more: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "esteira-project-"))
  undo.push(() => rm(folder, { recursive: true }))
  const path = join(folder, "path")
  const temporary = join(folder, "temporary")
  const called = join(folder, "called")
  for (const made of [path, temporary]) await mkdir(made)
  for (const name of ["setup", "setup.mjs"])
    await cp(join(import.meta.dir, name), join(folder, "bin", name), { recursive: true })
  const scripts = { start: "node bin/setup.mjs bin/script.ts" }
  const manifest = { scripts, engines: { bun: ">=1.4.5" }, devDependencies: { bun: "1.4.5" } }
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest))
  await writeFile(join(folder, "bun.lock"), "")
  await writeFile(join(folder, "bin", "script.ts"), script)
  await writeFile(called, "")

  const env = { PATH: path, TMPDIR: temporary, CALLED: called, ...more }
  const run = (command: string, args: string[]) => observe(command, args, folder, env)
  return {
    folder,
    path,
    temporary,
    calls: () => readFile(called, "utf8"),
    program: (name: string, text: string) =>
      writeFile(join(path, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 }),
    run,
    setup: (runtime = node ?? "", args: string[] = []) =>
      run(runtime, ["bin/setup.mjs", "bin/script.ts", ...args]),
  }
}

function observe(command: string, args: string[], cwd: string, env: Record<string, string>) {
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] })
  const pid = child.pid ?? 0
  let output = ""
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk
    })
  const ended = new Promise<{ code: number | null; signal: string | null; output: string }>((resolve) =>
    child.once("close", (code, signal) => resolve({ code, signal, output })),
  )
  undo.push(() => child.exitCode ?? child.signalCode ?? process.kill(-pid, "SIGKILL"))
  return { pid, ended, says: (words: string) => until(() => output.includes(words), 10_000) }
}

/** A Bun that installs nothing but a link to the real one. */
function fakeBun(
  version = "1.4.5",
  install = `/bin/mkdir -p node_modules/bun/bin; /bin/ln -sf ${process.execPath} node_modules/bun/bin/bun.exe`,
) {
  return `case "$1" in
    --version) echo ${version} ;;
    install) echo "bun $*" >>"$CALLED"; ${install} ;;
    *) exec ${process.execPath} "$@" ;;
  esac`
}

/** An npm whose package of Bun is a fake, too. */
const fakeNpm = `echo "npm $*" >>"$CALLED"
  /bin/mkdir -p node_modules/@oven/bun-a/bin
  /bin/cat >node_modules/@oven/bun-a/bin/bun <<'END'
#!/bin/sh
${fakeBun()}
END
  /bin/chmod +x node_modules/@oven/bun-a/bin/bun`

/** `bun run` puts a node on the PATH that is Bun: it would install with itself, and from the network. */
function realNode() {
  const found = Bun.which("node")
  if (!found) return
  const { stdout } = Bun.spawnSync([found, "-p", "process.versions.bun ?? ''"])
  return stdout.toString().trim() === "" ? found : undefined
}
