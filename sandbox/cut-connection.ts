/** A stream that fails before its first byte makes Bun close the connection without an answer. */
export const cutConnection = () =>
  new Response(new ReadableStream({ pull: (controller) => controller.error() }))
