/** A syntax error with the part of the text it concerns (UTF-16 offsets, end exclusive) and, if known, its mend. */
export class QueryError extends Error {
  constructor(
    message: string,
    readonly start: number,
    readonly end: number,
    readonly hint?: string,
    /** The text is right as far as it goes: more of it would mend the error. */
    readonly unfinished = false,
  ) {
    super(message)
    this.name = new.target.name
  }
}

/** What reading a text fails with, or null if it can be read. */
export function queryErrorOf(read: () => unknown): QueryError | null {
  try {
    read()
    return null
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
}
