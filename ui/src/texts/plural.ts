// Forms of words that go with a number.

const cardinals = new Intl.PluralRules('en')
const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })

/** "event" for one, "events" for any other number. */
export const plural = (n: number, one: string, other: string): string =>
  cardinals.select(n) === 'one' ? one : other

const ENDINGS: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' }

/** "1st", "22nd", "95th", "99.9th". */
export const ordinal = (n: number): string => `${n}${ENDINGS[ordinals.select(n)] ?? 'th'}`
