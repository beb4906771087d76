import { resolve } from "node:path"
import { z } from "zod"
import { apiUrl } from "../app-url.ts"
import { checkEnvironment, connectionUrl, defineEnv, needed, notRight } from "../env.ts"
import { isProduction } from "../log.ts"
import { signingSecret } from "../signature.ts"

const storageEnv = defineEnv({
  STORAGE_URL: connectionUrl(/^(?:file|s3)$/)
    .optional()
    .describe(
      "where files are kept: `s3://bucket?endpoint=https://…&region=…`, or `file://folder`; needed in production, else `file://.data/storage`",
    ),
  AWS_ACCESS_KEY_ID: z.string().optional().describe("files in S3: the id of the access key"),
  AWS_SECRET_ACCESS_KEY: z.string().optional().describe("files in S3: the secret of the access key"),
  AWS_SESSION_TOKEN: z.string().optional().describe("files in S3: the token of an access key for a while"),
})

const bucketName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: "the name of a bucket" })
  .optional()

const ownBucketEnv = defineEnv({
  BACKUP_BUCKET: bucketName.describe(
    "files in S3: a bucket for backups alone, reached as that of `STORAGE_URL` is",
  ),
  EXPORT_BUCKET: bucketName.describe(
    "files in S3: a bucket for exports alone, reached as that of `STORAGE_URL` is",
  ),
})

/** A bucket and how it is reached; `address` is its URL, without a slash at the end. */
export interface BucketTarget {
  kind: "bucket"
  address: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string | undefined
}

/** Where files are kept. */
export type StorageTarget = { kind: "folder"; path: string } | BucketTarget

/** What the environment has chosen, with all that it takes. Throws the sentence to show when something is missing or wrong. */
export function storageTarget(): StorageTarget {
  const target = filesTarget()
  // Links to files in a folder are the API's to sign and to serve.
  if (target.kind === "folder") checkEnvironment(signingSecret, apiUrl)
  return target
}

/** The same, for whoever makes no links. Throws the sentence to show when something is missing or wrong. */
export const filesTarget = (): StorageTarget => targetOf(chosenUrl())

/** Where backups are kept: a folder of the other files, or a bucket. Throws the sentence to show when something is missing or wrong. */
export const backupTarget = () => ownTarget("BACKUP_BUCKET")

/** Where exports are kept: likewise. The API serves them, wherever they are, since it counts who fetches them. */
export function exportTarget(): StorageTarget {
  checkEnvironment(signingSecret, apiUrl)
  return ownTarget("EXPORT_BUCKET")
}

function ownTarget(variable: "BACKUP_BUCKET" | "EXPORT_BUCKET"): StorageTarget {
  const bucket = ownBucketEnv()[variable]
  const target = targetOf(chosenUrl(), bucket)
  if (bucket !== undefined && target.kind === "folder")
    throw notRight(variable, "STORAGE_URL names a folder, in which there are no buckets")
  return target
}

function chosenUrl() {
  const byDefault = isProduction() ? undefined : "file://.data/storage"
  return needed("STORAGE_URL", storageEnv().STORAGE_URL ?? byDefault)
}

const targetOf = (url: string, bucket?: string) =>
  url.startsWith("s3:") ? bucketAt(new URL(url), bucket) : folderAt(url)

/** What stands after `file://` is a path: from where the process runs, unless it begins with a slash. */
function folderAt(url: string): StorageTarget {
  const path = decodeURIComponent(url.slice("file://".length))
  if (!url.startsWith("file://") || !path) throw wrong("after file:// comes the path of a folder")
  return { kind: "folder", path: resolve(path) }
}

const parameters = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  region: z.string().default("us-east-1"),
  style: z.enum(["path", "virtual"]).default("path"),
})

function bucketAt({ hostname, username, pathname, searchParams }: URL, bucket = hostname): StorageTarget {
  if (!hostname || !/^\/?$/.test(pathname)) throw wrong("after s3:// comes the name of a bucket, and no path")
  if (username) throw wrong("the access key goes into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
  const given = parameters.safeParse(Object.fromEntries(searchParams))
  if (!given.success)
    throw wrong(given.error.issues.map(({ path, message }) => [...path, message].join(": ")).join(", "))
  const { region, style, endpoint = `https://s3.${region}.amazonaws.com` } = given.data

  const {
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_SESSION_TOKEN: sessionToken,
  } = storageEnv()
  checkEnvironment(
    () => needed("AWS_ACCESS_KEY_ID", id),
    () => needed("AWS_SECRET_ACCESS_KEY", secret),
  )
  const address = addressOf(new URL(endpoint), bucket, style)
  return { kind: "bucket", address, region, accessKeyId: id!, secretAccessKey: secret!, sessionToken }
}

function addressOf({ protocol, host, pathname }: URL, bucket: string, style: "path" | "virtual") {
  const path = pathname.replace(/\/+$/, "")
  return style === "virtual"
    ? `${protocol}//${bucket}.${host}${path}`
    : `${protocol}//${host}${path}/${bucket}`
}

const wrong = (what: string) => notRight("STORAGE_URL", what)
