// Preferences in local storage. Storage can be forbidden or full; then a preference lasts as long as the page.

const fallback = new Map<string, string>()

export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? fallback.get(key) ?? null
  } catch {
    return fallback.get(key) ?? null
  }
}

export function writeStored(key: string, value: string) {
  fallback.set(key, value)
  try {
    localStorage.setItem(key, value)
  } catch {
    // Kept in `fallback`.
  }
}
