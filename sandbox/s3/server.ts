import { mkdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { freePort, takesConnections } from "../ports.ts"
import { mustRun, run } from "../process/run.ts"
import { type Server, startServer } from "../process/start-server.ts"
import { required } from "../required.ts"
import { until } from "../until.ts"
import { configuration } from "./configuration.ts"

const PATH = [process.env.PATH, "/usr/bin", "/usr/sbin"].join(":")
const find = (program: string) => Bun.which(program, { PATH })

const programs = ["ceph", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin"]

/** Whether there is an S3 server to start; says so when there is none. */
export const hasS3 = required("An S3 server (Debian's radosgw, ceph-mon and ceph-osd)", programs.every(find))

const PATIENCE = 20_000

const keys = {
  accessKeyId: "AKIAESTEIRATESTS0000",
  secretAccessKey: "the-secret-of-the-tests-0000000000000000",
}

/**
 * Starts a real S3 server, which ends with this process and keeps nothing: Ceph's gateway, with the one monitor and the one
 * object store that it needs. Its buckets are at `<url>/<bucket>`, and at `<bucket>.localhost` on the same port.
 */
export async function startS3(folder: string) {
  const conf = join(folder, "ceph.conf")
  const ceph = (program: string, ...args: string[]) => mustRun(find(program)!, ["-c", conf, ...args])
  // A monitor that has just begun refuses some commands, for a moment; those used here may be given twice.
  const ask = async (...args: string[]) => {
    let answer = { ok: false, output: "" }
    const told = async () => {
      answer = await run(find("ceph")!, ["-c", conf, ...args])
      return answer.ok
    }
    if (!(await until(told, PATIENCE))) throw new Error(`ceph ${args.join(" ")} failed: ${answer.output}`)
  }
  const servers: Server[] = []
  const start = async (program: string, port: number, ...args: string[]) => {
    const server = await startServer({
      name: program,
      command: find(program)!,
      args: () => ["-f", "-c", conf, ...args],
      port,
      log: join(folder, "log", `${program}.said`),
      ready: () => takesConnections(port),
      // Nothing is to be kept, and a store does not heed a milder signal.
      ending: { ask: "SIGKILL", patience: PATIENCE, insist: "SIGKILL" },
      remains: [folder],
    })
    servers.unshift(server)
  }
  const stop = async () => {
    for (const server of servers.splice(0)) await server.stop()
    await rm(folder, { recursive: true, force: true })
  }

  for (const part of ["log", "mon", "osd", "rgw", "run"]) await mkdir(join(folder, part), { recursive: true })
  const [fsid, osd, monmap] = [crypto.randomUUID(), crypto.randomUUID(), join(folder, "monmap")]
  const ports = { monitor: await freePort(), store: await freePort(), gateway: await freePort() }
  await writeFile(conf, configuration({ folder, fsid, ports }))
  try {
    const addresses = `[v1:127.0.0.1:${ports.monitor}]`
    await ceph("monmaptool", "--create", "--addv", "a", addresses, "--fsid", fsid, monmap)
    await ceph("ceph-mon", "-i", "a", "--mkfs", "--monmap", monmap)
    await start("ceph-mon", ports.monitor, "-i", "a")
    await ask("osd", "new", osd)
    await ceph("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd)
    await ask("osd", "crush", "add", "osd.0", "1.0", "root=default", "host=h")
    await start("ceph-osd", ports.store, "-i", "0")
    const secrets = [`--access-key=${keys.accessKeyId}`, `--secret-key=${keys.secretAccessKey}`]
    await ceph("radosgw-admin", "user", "create", "--uid=tests", "--display-name=tests", ...secrets)
    await start("radosgw", ports.gateway, "-n", "client.rgw.a")
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `http://127.0.0.1:${ports.gateway}`, ...keys, stop }
}
