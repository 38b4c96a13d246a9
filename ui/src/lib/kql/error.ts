/** A syntax error with the part of the text it concerns (UTF-16 offsets, end exclusive) and, if known, its mend. */
export class KqlError extends Error {
  constructor(
    message: string,
    readonly start: number,
    readonly end: number,
    readonly hint?: string,
  ) {
    super(message)
    this.name = 'KqlError'
  }
}
