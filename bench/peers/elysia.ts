import { Queue } from "bullmq"
import { Elysia } from "elysia"

const { hostname: host, port } = new URL(process.env.REDIS_URL!)
const queue = new Queue("email", { connection: { host, port: Number(port) }, prefix: "bare" })

new Elysia()
  .get("/health", () => "ok")
  .post("/api/jobs/email", async ({ body, set }) => {
    const { id } = await queue.add("email", (body as { data: unknown }).data)
    set.status = 202
    return { jobId: id }
  })
  .listen(Number(process.env.PORT))
