/** Why an element cannot be drawn, in words for the person who looks at it. */
export class CanvasError extends Error {
  constructor(
    message: string,
    /** Where in the expression, counted in UTF-16 units from 0; null where no place is to blame. */
    readonly at: number | null = null,
  ) {
    super(message)
    this.name = 'CanvasError'
  }
}
