import { join } from "node:path"
import { onLoopback } from "../loopback.ts"
import { createCrm } from "./crm.ts"
import { createHooks } from "./hooks.ts"
import { showPartners } from "./page.ts"
import { CRM_LEADS, somebody } from "./people.ts"
import { createPortal } from "./portal.ts"

interface PartnersOptions {
  port?: number
  /** Where the CRM's data are kept; without it they are gone after `stop`. */
  dataDir?: string
  crmToken?: string
  hookSecret?: string
  /** The feed that the portal reads, and where it sends leads. */
  portal?: Parameters<typeof createPortal>[0]
  pageSize?: number
  /** Whether the CRM knows some people from the start. */
  isPeopled?: boolean
}

const PICTURES = join(import.meta.dir, "pictures")

/** Starts simulators of partners: a CRM at `/crm/v1`, who takes webhooks at `/hooks`, a portal, and the pictures of the agency's own site. */
export function startPartners(options: PartnersOptions = {}) {
  const {
    port = 0,
    dataDir,
    crmToken = "the-key-of-the-crm",
    hookSecret = SECRET,
    isPeopled = false,
  } = options
  const crm = createCrm({ token: crmToken, dataDir, ...(options.pageSize && { pageSize: options.pageSize }) })
  const hooks = createHooks(hookSecret)
  const portal = createPortal(options.portal ?? { feed: "", leads: "", secret: "" })
  if (isPeopled && crm.store.state.changes === 0) for (const lead of CRM_LEADS) crm.put(lead)

  let asked = 0
  async function ask(request: Request) {
    const listing = String((await request.formData()).get("listing"))
    asked += 1
    await portal.sendLead(somebody(listing, asked + crm.store.state.made))
    return Response.redirect("/", 303)
  }

  const server = Bun.serve({
    ...onLoopback,
    port,
    routes: {
      "/": { GET: () => showPartners({ crm, hooks, portal }) },
      "/leads": { POST: ask },
      "/hooks": { POST: hooks.answer },
      "/pictures/:name": ({ params }) =>
        /^[a-z]+\.jpg$/.test(params.name)
          ? new Response(Bun.file(join(PICTURES, params.name)))
          : new Response("Not Found", { status: 404 }),
      "/crm/v1/*": crm.answer,
    },
    fetch: () => new Response("Not Found", { status: 404 }),
  })

  const url = server.url.origin
  const stop = () => server.stop(true)
  return {
    url,
    port: server.port!,
    crm,
    hooks,
    portal,
    /** What the integrations with them are set up with. */
    crmSettings: { url: `${url}/crm/v1` },
    hookUrl: `${url}/hooks`,
    crmToken,
    hookSecret,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

const SECRET = `whsec_${Buffer.from("a secret of the tests, of 32 byt").toString("base64")}`

export type Partners = ReturnType<typeof startPartners>
