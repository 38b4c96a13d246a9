/** A visualization that cannot be asked for: an aggregation that is not known, lacks a field or cannot be read. */
export class VisError extends Error {
  constructor(
    message: string,
    /** The aggregation it concerns, or null. */
    readonly agg: string | null = null,
  ) {
    super(message)
    this.name = 'VisError'
  }
}
