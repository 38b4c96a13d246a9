// Where an export is collected until the browser saves it: a file of the browser's own storage, so that memory stays small.

const NAME = 'elkhorn-export'

export interface Sink {
  write: (text: string) => Promise<void>
  /** The whole, to be saved. */
  finish: () => Promise<Blob>
  /** Forgets what was written. */
  drop: () => Promise<void>
}

/** A file where the browser has such storage for this page, else pieces that the browser may put on its disk. */
export async function openSink(type: string): Promise<Sink> {
  try {
    return await fileSink(type)
  } catch {
    return pieceSink(type)
  }
}

async function fileSink(type: string): Promise<Sink> {
  // Undefined on pages that came over plain HTTP from another machine.
  const folder = await navigator.storage.getDirectory()
  // One export at a time: the file of the one before has been saved by now.
  const handle = await folder.getFileHandle(NAME, { create: true })
  const stream = await handle.createWritable()
  return {
    write: text => stream.write(text),
    finish: async () => {
      await stream.close()
      return (await handle.getFile()).slice(undefined, undefined, type)
    },
    drop: async () => {
      await stream.abort()
      await folder.removeEntry(NAME)
    },
  }
}

function pieceSink(type: string): Sink {
  const pieces: Blob[] = []
  return {
    write: async text => {
      pieces.push(new Blob([text]))
    },
    finish: async () => new Blob(pieces, { type }),
    drop: async () => {
      pieces.length = 0
    },
  }
}

/** Has the browser save it, as any download. */
export function saveAs(blob: Blob, name: string) {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken it over when the page is idle again.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
