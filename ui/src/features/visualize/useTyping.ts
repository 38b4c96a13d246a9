import { useCallback, useEffect, useRef } from 'react'

const TEXTS = 'textarea, input:not([type="checkbox"], [type="radio"])'

/**
 * Tells whether a change belongs to the one before: letters typed into one field, without leaving it, are one step of
 * Back. To be asked once at each change.
 */
export function useTyping(): () => boolean {
  const field = useRef<Element | null>(null)
  useEffect(() => {
    const leave = () => {
      field.current = null
    }
    document.addEventListener('focusout', leave)
    // After a step back the letters that follow are a step of their own.
    window.addEventListener('popstate', leave)
    return () => {
      document.removeEventListener('focusout', leave)
      window.removeEventListener('popstate', leave)
    }
  }, [])
  return useCallback(() => {
    const now = document.activeElement?.matches(TEXTS) ? document.activeElement : null
    const same = now !== null && now === field.current
    field.current = now
    return same
  }, [])
}
