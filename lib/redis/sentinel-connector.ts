import { type SentinelConnectionOptions, SentinelConnector } from "ioredis"

type EventEmitter = Parameters<SentinelConnector["connect"]>[0]

/**
 * Leaves a master as soon as sentinels tell of another. ioredis keeps what listens for that when a connection is lost by
 * itself: told of the failover while the next is being made, it would end that for good.
 */
export class FollowingConnector extends SentinelConnector {
  // As the option that takes it wants it.
  constructor(options: unknown) {
    super(options as SentinelConnectionOptions)
  }

  override connect(emitter: EventEmitter) {
    const { failoverDetector } = this as unknown as { failoverDetector: { cleanup(): void } | null }
    failoverDetector?.cleanup()
    return super.connect(emitter)
  }
}
