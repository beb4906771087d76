// Loads a route for some seconds over connections that stay open, and says how many answers came a second.
// Plain sockets and requests made beforehand: what is measured should not wait for who measures.
const [port, connections, seconds, key] = process.argv.slice(2)
const END = "\r\n\r\n"
const LENGTH = /\r\ncontent-length: (\d+)/i

const body = JSON.stringify({
  data: { to: "ana@example.com", template: "welcome", data: { userName: "Ana" } },
})
const request = [
  "POST /api/jobs/email HTTP/1.1",
  `Host: 127.0.0.1:${port}`,
  `Authorization: Bearer ${key}`,
  "Content-Type: application/json",
  `Content-Length: ${body.length}`,
  "",
  body,
].join("\r\n")

let answers = 0
let over = false

async function connect() {
  let read = ""
  await Bun.connect({
    hostname: "127.0.0.1",
    port: Number(port),
    socket: {
      open: (socket) => void socket.write(request),
      data(socket, chunk) {
        read += chunk.toString("latin1")
        const head = read.indexOf(END)
        if (head < 0) return
        const length = Number(LENGTH.exec(read)?.[1])
        if (read.length < head + END.length + length) return
        if (!read.startsWith("HTTP/1.1 202")) throw new Error(read)
        read = ""
        answers++
        if (!over) socket.write(request)
      },
      error(_socket, error) {
        throw error
      },
      close() {
        if (!over) throw new Error("A connection was closed")
      },
    },
  })
}

await Promise.all(Array.from({ length: Number(connections) }, connect))
const began = performance.now()
answers = 0
await Bun.sleep(Number(seconds) * 1_000)
process.send!(answers / ((performance.now() - began) / 1_000))
over = true
process.exit(0)
