import { readFile } from "node:fs/promises"
import { toOpenAPISchema } from "@elysiajs/openapi"
import type { Elysia } from "elysia"
import { allow } from "../access/allow.ts"
import { withCommon } from "../documentation/common.ts"
import { HttpError } from "../errors.ts"

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Esteira API</title>
<link rel="stylesheet" href="/openapi/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<script src="/openapi/swagger-ui-bundle.js"></script>
<script src="/openapi/start.js"></script>
</body>
</html>
`

const START = `SwaggerUIBundle({ url: "/openapi/json", dom_id: "#reference", deepLinking: true, tryItOutEnabled: true })\n`

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"

const ASSETS: Record<string, string> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}

const READ = allow("read", { hide: true })

/** The API reference: the description, written once, at `/openapi/json`, and a page that shows it without asking any other host. */
export const reference = (app: Elysia) => {
  let description: object | undefined
  return app
    .get("/openapi/json", () => (description ??= structuredClone(describe(app))), READ)
    .get("/openapi", ({ set }) => show(PAGE, "text/html; charset=utf-8", set), READ)
    .get("/openapi/start.js", ({ set }) => show(START, "text/javascript; charset=utf-8", set), READ)
    .get("/openapi/:file", ({ params, set }) => asset(params.file, set), READ)
}

const describe = (app: Elysia) => ({
  openapi: "3.1.0",
  info: { title: "Esteira", version: "0.1.0", description: "Background jobs over HTTP." },
  paths: withCommon(pathsOf(app)),
  components: {
    securitySchemes: {
      key: { type: "http", scheme: "bearer" },
      session: {
        type: "apiKey",
        in: "cookie",
        name: "session",
        description: "`__Host-session` in production",
      },
    },
  },
})

const pathsOf = (app: Elysia) =>
  toOpenAPISchema(app, { paths: [/^\/openapi/], staticFile: false }, undefined, undefined, "3.1.0")
    .paths as never

interface Answer {
  headers: Record<string, string | number>
}

function show(body: string | Uint8Array<ArrayBuffer>, type: string, set: Answer) {
  Object.assign(set.headers, { "content-security-policy": POLICY, "content-type": type })
  return body
}

async function asset(file: string, set: Answer) {
  const type = ASSETS[file]
  if (!type) throw new HttpError(404, `No file ${file.slice(0, 100)}`)
  set.headers["cache-control"] = "private, max-age=86400"
  return show(await readFile(new URL(import.meta.resolve(`swagger-ui-dist/${file}`))), type, set)
}
