/** Milliseconds since 1970-01-01T00:00Z. */
export type EpochMillis = number & { readonly unit?: 'epoch_ms' }
/** A length of time in milliseconds. */
export type Millis = number & { readonly unit?: 'ms' }

export const SECOND: Millis = 1000
export const MINUTE: Millis = 60 * SECOND
export const HOUR: Millis = 60 * MINUTE
export const DAY: Millis = 24 * HOUR
