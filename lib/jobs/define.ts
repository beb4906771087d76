import type { BackoffOptions } from "bullmq"
import type { z } from "zod"
import type { RunPriority } from "../priority.ts"

/** What travels through Redis has to survive JSON: no dates, no maps. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined }
type JsonObject = { [key: string]: Json | undefined }

/** A payload schema: what it gives out must survive JSON, and must be taken again as it is by the worker. */
export type PayloadSchema = z.ZodType<JsonObject>

/** What a payload asks for besides its data, once aliases are normalised. */
interface Normalised<Payload> {
  payload: Payload
  priority?: RunPriority | undefined
}

/** When a job is asked for by the clock, and with what. */
export interface ScheduleDefinition<Payload = unknown> {
  /** Unique over all jobs, and for good: what is known of a schedule is kept under it. */
  name: string
  /** Minute, hour, day of month, month, day of week. */
  cron: string
  /** The IANA zone that `cron` is meant in; America/Sao_Paulo unless said otherwise. */
  zone?: string
  /** What becomes of a slot while the run of the one before has not ended: no run (the default), or one that waits its turn. */
  overlap?: "skip" | "queue"
  /** Which slots of an outage are made up for: none, the `latest` (the default), or all. */
  missed?: "skip" | "latest" | "all"
  /** What the run of a slot is asked for with; the processor knows its slot by this alone. */
  payload: (slot: Date) => Payload
}

/** How the runs of a job are tried. */
interface Tries {
  /** Times a run is tried before it has failed; 3 unless said otherwise. */
  attempts: number
  /** The wait before a run is tried again; 5 s, then twice as long each time, unless said otherwise. */
  backoff: BackoffOptions
  /** Milliseconds a try may take before it is ended for good; half an hour unless said otherwise. */
  timeout: number
}

const UNSAID: Tries = {
  attempts: 3,
  backoff: { type: "exponential", delay: 5_000 },
  timeout: 30 * 60_000,
}

interface Declaration<
  Name extends string,
  Payload extends PayloadSchema,
  Input extends z.ZodType,
  Result extends z.ZodType,
  Alias extends string,
> {
  /** Names the job, its queue and its route. Renaming it strands the runs already queued. */
  name: Name
  /** Other names its queue is asked for by. */
  aliases?: readonly Alias[]
  /** One line for people: it stands in the API reference. */
  summary: string
  /** The one canonical form, checked at the door and again by the worker. */
  payload: Payload
  /** What callers may send, where that is more than the canonical form, and how it is brought there. */
  accepts?: { input: Input; normalise(input: z.output<Input>): Normalised<z.input<Payload>> }
  /** What a run returns. */
  result: Result
  /** A payload to show and to try out. */
  example: z.input<Input> & z.input<Payload>
  /** Runs at a time in one worker process. */
  concurrency: number
  /** Runs at a time in all workers together; as many as these take unless said otherwise. */
  globalConcurrency?: number
  /** When it is asked for by the clock. */
  schedules?: readonly ScheduleDefinition<z.input<Input>>[]
}

/** What is known of a job without its processor. */
export interface JobDefinition<
  Name extends string = string,
  Payload extends PayloadSchema = PayloadSchema,
  Input extends z.ZodType = z.ZodType,
  Result extends z.ZodType = z.ZodType,
  Alias extends string = string,
> extends Declaration<Name, Payload, Input, Result, Alias>,
    Tries {}

/** Say what is known of a job without its processor. */
export const defineJob = <
  const Name extends string,
  Payload extends PayloadSchema,
  Result extends z.ZodType,
  Input extends z.ZodType = Payload,
  const Alias extends string = never,
>(
  declaration: Declaration<Name, Payload, Input, Result, Alias> & Partial<Tries>,
): JobDefinition<Name, Payload, Input, Result, Alias> => ({ ...UNSAID, ...declaration })
