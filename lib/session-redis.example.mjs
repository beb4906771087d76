import express from "express"
import session from "express-session"
import { createRedisSessionStore, getSessionConfig } from "./session-redis.ts"

// The specification's example, with an application around it.
const app = express()

const store = createRedisSessionStore()
const sessionConfig = getSessionConfig(store)

app.use(session(sessionConfig))

app.get("/health", (_request, response) => response.send("ok"))

app.get("/views", (request, response) => {
  request.session.views = (request.session.views ?? 0) + 1
  response.json({ id: request.sessionID, views: request.session.views })
})

app.get("/untouched", (_request, response) => response.json({}))

app.get("/reloaded", (request, response) => {
  request.session.views = "of this request alone"
  request.session.reload(() =>
    response.json({ views: request.session.views, expires: request.session.cookie.expires instanceof Date }),
  )
})

app.get("/loaded", (request, response) =>
  store.load(request.sessionID, (error, loaded) =>
    response.json({ error: error ?? null, id: loaded?.id ?? null, views: loaded?.views ?? null }),
  ),
)

app.post("/login", (request, response) =>
  request.session.regenerate(() => {
    request.session.user = "ana"
    response.json({ id: request.sessionID })
  }),
)

app.post("/logout", (request, response) =>
  request.session.destroy((error) => response.json({ error: error ?? null })),
)

app.listen(Number(process.env.PORT))
