export type Bytes = Uint8Array<ArrayBuffer>

/** The content of a file: all at once, or as they come (a ReadableStream, a generator). */
export type Content = Uint8Array | AsyncIterable<Uint8Array>

/** A part of a file: its first byte and its last, counted from 0. */
export interface ByteRange {
  start: number
  end: number
}

/** What is known of a file; `size` in bytes. */
export interface StoredFile {
  key: string
  size: number
  modifiedAt: Date
}

/** How a link behaves: for how many seconds, at most a week, and the name the file is saved under, else that in its key. */
export interface LinkOptions {
  seconds: number
  filename?: string | undefined
}

interface Interruptible {
  signal?: AbortSignal | undefined
}

/**
 * Files under keys such as `reports/12/2026-07.pdf`; the end of a key tells the content type. A file of any size passes
 * through in little memory. What cannot be done throws and may be tried again; what is not there is undefined.
 */
export interface Storage {
  /**
   * Store a file, in the place of one that has the key already; resolves with its bytes once it is there whole. When the
   * content fails in the middle, or the signal is aborted, nothing has changed.
   */
  put(key: string, content: Content, options?: Interruptible): Promise<number>
  /** A file, or the part of it that begins before its end. What is begun to be read has to be read to its end, or cancelled. */
  get(
    key: string,
    options?: Interruptible & { range?: ByteRange | undefined },
  ): Promise<ReadableStream<Bytes> | undefined>
  head(key: string, options?: Interruptible): Promise<StoredFile | undefined>
  /** Remove a file; one that is not there is no error. */
  delete(key: string, options?: Interruptible): Promise<void>
  /** The files in a folder (`reports/12/`) and in those below it, by key; all there are for an empty one. */
  list(folder: string, options?: Interruptible): AsyncIterable<StoredFile>
  /**
   * Remove what was begun to be stored and left, where nothing was written since that moment: it is no file yet. Returns how much there
   * was; in a dry run it stays.
   */
  removeUnfinished(before: Date, options?: Interruptible & { dryRun?: boolean | undefined }): Promise<number>
  /** A URL at which whoever has it can download the file. Whether there is one is not looked at. */
  link(key: string, options: LinkOptions): Promise<string>
}
