/** What is asked for: to happen so many times. */
interface Timed {
  times: number
}

/** A failure that was asked for, as a simulator plays it. */
export type Order<Failure extends Timed> = Failure & {
  met: PromiseWithResolvers<void>
  released: PromiseWithResolvers<void>
}

/** A failure that was asked for, as a test sees it. */
export interface Failing {
  /** Settles when the first request has met the failure. */
  met: Promise<void>
  /** Lets the requests go that the failure holds. */
  release(): void
}

/** The failures asked of a simulator, in their order; `read` says what is asked for in full. */
export function createOrders<Asked, Failure extends Timed>(read: (asked: Asked) => Failure) {
  let orders: Order<Failure>[] = []

  return {
    add(asked: Asked): Failing {
      const met = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      orders.push({ ...read(asked), met, released })
      return { met: met.promise, release: released.resolve }
    },
    /** The next one for a request, which has then come once more; it is for the simulator to say that it was met. */
    next(isFor: (failure: Failure) => boolean = () => true): Order<Failure> | undefined {
      const order = orders.find((one) => one.times > 0 && isFor(one))
      if (order) order.times -= 1
      return order
    },
    /** Those that have not come yet. */
    pending: () => orders.filter(({ times }) => times > 0).map(({ met, released, ...failure }) => failure),
    clear() {
      for (const { released } of orders) released.resolve()
      orders = []
    },
  }
}
