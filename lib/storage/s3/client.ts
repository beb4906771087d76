import { setTimeout as wait } from "node:timers/promises"
import { AwsV4Signer } from "aws4fetch"
import type { BucketTarget } from "../target.ts"
import { errorIn, isPassing, refusal } from "./errors.ts"

/** Tries of a request, and the milliseconds before the second; each later pause is three times as long. */
const TRIES = 4
const PAUSE = 300

/** Milliseconds that an answer may take, unless the request says otherwise. */
const PATIENCE = 30_000

interface Request {
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Uint8Array<ArrayBuffer>
  signal?: AbortSignal | undefined
  patience?: number
}

/** Asks a bucket, with every request signed. What may pass is tried again; an answer other than success is an S3Error. */
export function createClient({ address, region, accessKeyId, secretAccessKey, sessionToken }: BucketTarget) {
  const signing = {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken ? { sessionToken } : {}),
    region,
    service: "s3",
    cache: new Map<string, ArrayBuffer>(),
  }

  async function attempt<T>(
    method: string,
    key: string,
    request: Request,
    read: (answer: Response) => Promise<T>,
  ) {
    const { query = {}, body, signal, patience = PATIENCE } = request
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(tooLong(method, key, patience)), patience)
    try {
      const headers = { ...request.headers, ...(body && { "x-amz-content-sha256": await sha256(body) }) }
      const signed = await new AwsV4Signer({
        ...signing,
        method,
        url: urlOf(address, key, query),
        headers,
      }).sign()
      const answer = await fetch(signed.url, {
        method,
        headers: signed.headers,
        body: body ?? null,
        redirect: "manual",
        signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
      })
      if (!answer.ok) throw refusal(method, `${address}/${key}`, answer.status, await answer.text())
      return await read(answer)
    } finally {
      clearTimeout(timer)
    }
  }

  async function persist<T>(
    method: string,
    key: string,
    request: Request,
    read: (answer: Response) => Promise<T>,
  ) {
    const { signal } = request
    for (let tried = 1, pause = PAUSE; ; tried++, pause *= 3) {
      try {
        return await attempt(method, key, request, read)
      } catch (error) {
        signal?.throwIfAborted()
        if (tried === TRIES || !isPassing(error)) throw error
      }
      await wait(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => signal?.throwIfAborted())
    }
  }

  return {
    /** Resolves with the whole answer. */
    ask: (method: string, key: string, request: Request = {}) =>
      persist(method, key, request, async (answer) => {
        const { status, headers } = answer
        const text = await answer.text()
        // An answer that took long to make began as a success.
        if (errorIn(text)) throw refusal(method, `${address}/${key}`, 500, text)
        return { status, headers, text }
      }),
    /** Resolves once the answer has begun: its body is the caller's to read, or to cancel. */
    open: (method: string, key: string, request: Request = {}) =>
      persist(method, key, request, async (answer) => answer),
    /** A URL by which whoever has it can get the object. */
    async presign(key: string, query: Record<string, string>) {
      const signer = new AwsV4Signer({
        ...signing,
        method: "GET",
        url: urlOf(address, key, query),
        signQuery: true,
      })
      const { url } = await signer.sign()
      // A plus is a space to some and a plus to others.
      return url.href.replaceAll("+", "%20")
    },
  }
}

export type S3 = ReturnType<typeof createClient>

function urlOf(address: string, key: string, query: Record<string, string>) {
  const search = new URLSearchParams(query).toString()
  return `${address}/${key}${search && `?${search}`}`
}

async function sha256(body: Uint8Array<ArrayBuffer>) {
  return Buffer.from(await crypto.subtle.digest("SHA-256", body)).toString("hex")
}

const tooLong = (method: string, key: string, patience: number) =>
  new DOMException(`S3 did not answer ${method} ${key} within ${patience / 1_000} s`, "TimeoutError")
