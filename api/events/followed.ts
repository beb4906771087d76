/** What listeners are told. */
export interface ToldEvent<Name extends string = string> {
  event: Name
  data: unknown
  /** By which whoever comes back says how far they had heard. */
  id?: string
}

/** Somebody who is told of something. */
export interface Listener {
  tell(event: ToldEvent): void
  end(): void
}

/** Something that is looked at for all who listen to it. */
export interface Followed {
  /** Whether workers have to know that it is followed. */
  readonly isRun: boolean
  /** Whether nobody listens. */
  readonly isAlone: boolean
  /** Whether nobody else is told. */
  readonly isFull: boolean
  /** Look at it the first time; false when there is no such thing. Throws 503, and RedisUnavailable. */
  begin(): Promise<boolean>
  /** Tell somebody what there is that they have not heard, and from then on what comes. */
  join(listener: Listener, after: string | undefined): void
  leave(listener: Listener): void
  /** Look again, since something has happened, or may have. */
  look(): void
}
