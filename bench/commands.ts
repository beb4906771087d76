import { Redis } from "ioredis"

/** What a hosted Redis does not bill. */
const FREE = new Set(["auth", "client", "hello", "info", "ping", "quit"])

/** Count the commands a Redis gets in so many seconds, as it tells them itself: those of clients, and those of scripts beside. */
export async function countCommands(url: string, seconds: number) {
  const redis = new Redis(url)
  const monitor = await redis.monitor()
  const asked = new Map<string, number>()
  let inScripts = 0
  monitor.on("monitor", (_time, [name = ""]: string[], source: string) => {
    const command = name.toLowerCase()
    if (source === "lua") inScripts++
    else if (!FREE.has(command)) asked.set(command, (asked.get(command) ?? 0) + 1)
  })
  await Bun.sleep(seconds * 1_000)
  monitor.disconnect()
  redis.disconnect()
  return { asked, inScripts }
}
