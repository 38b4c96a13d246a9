import { QueryError } from '../queryerror'

/** A text that is no Lucene query. */
export class LuceneError extends QueryError {
  constructor(
    message: string,
    /** Where reading stopped, which is where the server sees the error. Often, not always, the start of the wrong part. */
    readonly at: number,
    start: number,
    end: number,
    hint?: string,
    unfinished = false,
  ) {
    super(message, start, end, hint, unfinished)
  }
}
