/** What was changed since `base`, on top of `saved`, member by member: a member that is another object than before was changed. */
export function rebase<T extends object>(changed: T, base: T, saved: T): T {
  const out = { ...saved }
  for (const key of Object.keys(changed) as (keyof T)[])
    if (changed[key] !== base[key]) out[key] = changed[key]
  return out
}
