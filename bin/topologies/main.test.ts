import { expect, test } from "bun:test"
import { join } from "node:path"

test("a part of the tests, for all of them, passes over a cluster, and behind Sentinel with a failover in its middle", async () => {
  const command = [process.execPath, "bin/topologies/main.ts", "lib/enqueue.test.ts"]
  const child = Bun.spawn(command, { cwd: join(import.meta.dir, "../.."), stdout: "pipe", stderr: "pipe" })
  const [said, complaints] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  expect([await child.exited, complaints]).toEqual([0, expect.stringMatching(/ 0 fail\n[\s\S]* 0 fail\n/)])
  for (const arrangement of ["cluster", "sentinel"]) expect(said).toContain(`── ${arrangement}, files: 1\n`)
  expect(said).toEndWith("\nAll passed\n")
})
