import { connect } from "node:net"

/** Whether the Redis on this port is the process we started, has read its data and answers. */
export function answersPing(port: number, pid: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1", () => socket.end("INFO server\r\nPING\r\nQUIT\r\n"))
  let answer = ""
  socket.on("data", (chunk) => {
    answer += chunk
  })
  return new Promise((resolve) => {
    socket.once("error", () => resolve(false))
    socket.once("close", () => resolve(answer.includes(`process_id:${pid}\r\n`) && answer.includes("+PONG")))
  })
}
