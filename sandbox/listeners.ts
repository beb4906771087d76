import { openEvents } from "./event-stream.ts"

// So many who listen, in a process of their own: one has a limit of requests at a time, to be raised at its start. Tells how many have heard what.
const [count, ...urls] = process.argv.slice(2)
const headers = { authorization: process.env.AUTHORIZATION! }
const listeners = await Promise.all(
  Array.from({ length: Number(count) }, (_, index) => openEvents(urls[index % urls.length]!, headers)),
)
let said = ""
setInterval(() => {
  const heard = (event: string) => listeners.filter((listener) => listener.of(event).length === 1).length
  const now = ["snapshot", "progress", "completed"].map((event) => `${event}=${heard(event)}`).join(" ")
  const line = `${now} over=${listeners.filter(({ state }) => state.isOver).length}`
  if (line !== said) console.log(line)
  said = line
}, 10)
