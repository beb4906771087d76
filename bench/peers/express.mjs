import { Queue } from "bullmq"
import express from "express"

const { hostname: host, port } = new URL(process.env.REDIS_URL)
const queue = new Queue("email", { connection: { host, port: Number(port) }, prefix: "bare" })

express()
  .use(express.json())
  .get("/health", (_request, response) => response.send("ok"))
  .post("/api/jobs/email", async (request, response) => {
    const { id } = await queue.add("email", request.body.data)
    response.status(202).json({ jobId: id })
  })
  .listen(Number(process.env.PORT))
