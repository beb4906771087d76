import { closeRedis, queueClient } from "../lib/queues.ts"
import { untilReady } from "../lib/redis/connect.ts"
import { startService } from "../sandbox/service.ts"
import { child } from "./children.ts"
import { interleaved, numbers, quantile, ratio, tell, verdict } from "./measure.ts"
import { startRig } from "./rig.ts"

// Runs asked for over HTTP per second: our API against bare routes that add to BullMQ and do nothing else, and one that answers as ours does without looking at anything.
const { connections, seconds, rounds } = numbers({ connections: 32, seconds: 3, rounds: 5 })
const rig = await startRig()
Object.assign(process.env, rig.env)
await untilReady(queueClient())

const side = async (command: string[]) => {
  const service = await (await startService(command, rig.env)).up()
  return {
    service,
    async measure() {
      await queueClient().flushall()
      const load = [service.port, connections, seconds, rig.env.ADMIN_API_KEY].map(String)
      return await child<number>("load.ts", {}, load).next()
    },
  }
}

const node = Bun.which("node")
if (!node) console.log("Node is missing here: no figures of Express")
const [ours, elysia, unchecked, express] = await Promise.all([
  side([process.execPath, "api/main.ts"]),
  side([process.execPath, "bench/peers/elysia.ts"]),
  side([process.execPath, "bench/peers/unchecked.ts"]),
  ...(node ? [side([node, "bench/peers/express.mjs"])] : []),
])

const measured = await interleaved(rounds, {
  elysia: elysia!.measure,
  ours: ours!.measure,
  unchecked: unchecked!.measure,
  ...(express ? { express: express.measure } : undefined),
} as Record<string, () => Promise<number>>)
for (const [name, rates] of Object.entries(measured)) tell(name, rates, "requests/s")
verdict("ours / Elysia on Bun", quantile(measured.ours!) / quantile(measured.elysia!), ">=", 0.8)
ratio("unchecked / Elysia on Bun", measured.unchecked!, measured.elysia!)
ratio("ours / unchecked", measured.ours!, measured.unchecked!)
if (measured.express)
  verdict("ours / Express on Node", quantile(measured.ours!) / quantile(measured.express), ">=", 3)

await Promise.all([ours, elysia, unchecked, express].map((each) => each?.service.stop()))
await closeRedis()
await rig.stop()
