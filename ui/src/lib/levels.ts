// Log levels: the many spellings that services use, the one set that is shown.

export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'

/** From harmless to worst. */
export const LEVELS: readonly Level[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

const SPELLINGS: Record<string, Level> = {
  trace: 'trace',
  finest: 'trace',
  verbose: 'trace',
  all: 'trace',
  debug: 'debug',
  fine: 'debug',
  dbg: 'debug',
  info: 'info',
  information: 'info',
  informational: 'info',
  notice: 'info',
  log: 'info',
  ok: 'info',
  warn: 'warn',
  warning: 'warn',
  wrn: 'warn',
  error: 'error',
  err: 'error',
  severe: 'error',
  failure: 'error',
  failed: 'error',
  fatal: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  panic: 'fatal',
}

/** The level that a text names, whatever its case; null when it is none. */
export function levelOf(value: unknown): Level | null {
  return typeof value === 'string' ? (SPELLINGS[value.trim().toLowerCase()] ?? null) : null
}

/** The sign beside the colour, so that colour is never the only one. */
export const levelLetter = (level: Level): string => level.charAt(0).toUpperCase()

/** Fields that hold the level, best first. */
export const LEVEL_FIELDS = [
  'log_level',
  'log.level',
  'level',
  'severity',
  'loglevel',
  'severity_text',
  'levelname',
  'lvl',
]
