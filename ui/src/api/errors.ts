/** A request that failed: what was asked, what the server said, in its own words. */
export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    /** Elasticsearch's error type, such as `index_not_found_exception`. */
    readonly type: string,
    readonly reason: string,
    /** The request, as the first line of Dev Tools would write it, and its body. */
    readonly request: { line: string; body: string | null },
  ) {
    super(reason)
    this.name = 'ApiError'
  }
}

/** The most telling reason in an error answer: root causes name the field or clause, the outer error often only the phase. */
export function reasonOf(body: unknown): { type: string; reason: string } | null {
  if (typeof body !== 'object' || body === null || !('error' in body)) return null
  if ('message' in body && typeof body.message === 'string') return { type: 'error', reason: body.message }
  const { error } = body
  if (typeof error === 'string') return { type: 'error', reason: error }
  if (typeof error !== 'object' || error === null) return null
  const outer = error as Record<string, unknown>
  const roots = Array.isArray(outer.root_cause) ? (outer.root_cause as unknown[]) : []
  const causes = [outer.caused_by, failedShard(outer), roots[0], outer]
  for (const cause of causes) {
    if (typeof cause !== 'object' || cause === null) continue
    const { type, reason = 'message' in cause ? cause.message : undefined } = cause as Record<string, unknown>
    if (typeof reason === 'string' && reason !== '')
      return { type: typeof type === 'string' ? type : 'error', reason }
  }
  return null
}

function failedShard(error: Record<string, unknown>): unknown {
  const shards = error.failed_shards
  return Array.isArray(shards) ? (shards[0] as { reason?: unknown } | undefined)?.reason : undefined
}
