import { createECDH, randomBytes } from "node:crypto"
import { decrypt, type Secrets } from "./decrypt.ts"
import { faultOfSender } from "./vapid.ts"

/** A browser with a subscription, as it hands that to an application. */
export interface Browser {
  id: string
  endpoint: string
  keys: { p256dh: string; auth: string }
}

interface Kept extends Secrets {
  /** The VAPID key it subscribed with. */
  key: string | null
  isGone: boolean
}

/** A push that a browser's push service has taken. */
export interface WebPush {
  device: string
  at: string
  topic: string | null
  urgency: string | null
  ttl: number
  /** Bytes as they were sent. */
  size: number
  /** What the browser reads; null when it cannot. */
  content: Record<string, unknown> | null
}

/** Bytes of a push that a service takes for certain: RFC 8030, section 7.2. */
const MOST_BYTES = 4_096

/** Browsers and their push service. */
export function createBrowsers(origin: () => string) {
  const browsers = new Map<string, Kept>()
  const pushes: WebPush[] = []

  return {
    pushes,
    /** Have a browser subscribe with a VAPID key. */
    subscribe(key: string | null = null, id: string = randomBytes(12).toString("base64url")): Browser {
      const pair = createECDH("prime256v1")
      const p256dh = pair.generateKeys("base64url")
      const auth = randomBytes(16).toString("base64url")
      browsers.set(id, { privateKey: pair.getPrivateKey("base64url"), auth, key, isGone: false })
      return { id, endpoint: `${origin()}/push/${id}`, keys: { p256dh, auth } }
    },
    /** Have a browser want no more. */
    leave(id: string) {
      const browser = browsers.get(id)
      if (browser) browser.isGone = true
    },
    /** Take a push, as RFC 8030 has it. */
    async take(request: Request, id: string): Promise<Response> {
      const browser = browsers.get(id)
      const body = Buffer.from(await request.bytes())
      const header = (name: string) => request.headers.get(name)
      const say = (status: number, reason: string) =>
        Response.json({ code: status, error: reason }, { status })
      if (!browser) return say(404, "no such subscription")
      if (browser.isGone) return say(410, "the subscription has ended")
      const fault = faultOfSender(header("authorization"), origin(), browser.key)
      if (fault) return say(fault.startsWith("no ") ? 401 : 403, fault)
      const ttl = header("ttl")
      const [topic, urgency] = [header("topic"), header("urgency")]
      if (ttl === null || !/^\d+$/.test(ttl)) return say(400, "a TTL header is needed")
      if (topic !== null && !/^[\w-]{1,32}$/.test(topic)) return say(400, "a topic that is none")
      if (urgency !== null && !/^(?:very-low|low|normal|high)$/.test(urgency))
        return say(400, "an urgency that is none")
      if (header("content-encoding") !== "aes128gcm") return say(415, "only aes128gcm is understood")
      if (body.length > MOST_BYTES) return say(413, `more than ${MOST_BYTES} bytes`)
      pushes.push({
        ...{ device: id, at: new Date().toISOString(), topic, urgency, ttl: Number(ttl), size: body.length },
        content: readBy(browser, body),
      })
      return new Response(null, {
        status: 201,
        headers: { location: `${origin()}/message/${pushes.length}` },
      })
    },
  }
}

function readBy(secrets: Secrets, body: Buffer): Record<string, unknown> | null {
  try {
    return JSON.parse(decrypt(body, secrets).toString())
  } catch {
    return null
  }
}
