/** Blocks of memory, used again and again: to leave each to the collector takes several times as much. */
export interface BlockPool {
  /** A block of the pool's size, or of so many bytes if that is more. */
  take(atLeast: number): Buffer<ArrayBuffer>
  /** Have a block taken again; what is in it is then lost. A part of one gives back the whole. */
  give(block: Uint8Array): void
}

export function createBlockPool(size: number): BlockPool {
  const spare: Buffer<ArrayBuffer>[] = []
  return {
    take: (atLeast) => (atLeast <= size ? (spare.pop() ?? make(size)) : make(atLeast)),
    give({ buffer }) {
      if (buffer.byteLength === size && !spare.some((block) => block.buffer === buffer))
        spare.push(Buffer.from(buffer as ArrayBuffer))
    },
  }
}

// Not from the pool that Buffer keeps of its own, which others share.
const make = (size: number) => Buffer.from(new ArrayBuffer(size))
