import { runCases, type World } from "./cases.ts"

/** For an isolate: the world comes as a request, and what came of the cases is answered. */
export default {
  fetch: async (request: Request) => Response.json(await runCases((await request.json()) as World)),
}
