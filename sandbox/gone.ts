/** Resolves when whoever has asked is there no more. */
export const gone = (client: AbortSignal) =>
  new Promise<void>((resolve) => client.addEventListener("abort", () => resolve()))
