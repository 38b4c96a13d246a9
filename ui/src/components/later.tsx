import { type ComponentType, type ReactNode, useEffect, useState } from 'react'

export interface Later<P> {
  (props: P): ReactNode
  /** Loads the program before it is shown. */
  preload: () => void
}

/**
 * A component whose program is loaded when it is first shown, or before by `preload`; `meanwhile` stands in its place until then. One
 * that does not come throws as if it had failed while drawing, and is asked for again by the next that shows it.
 *
 * Not React's `lazy`: a place that has waited is shown no sooner than 300 ms after the last such wait began (React's
 * FALLBACK_THROTTLE_MS), also when its program is there in ten.
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  meanwhile: ReactNode = null,
): Later<P> {
  let loaded: ComponentType<P> | null = null
  let loading: Promise<void> | null = null
  const come = () => {
    loading ??= load().then(
      component => {
        loaded = component
      },
      (error: unknown) => {
        loading = null
        throw error
      },
    )
    return loading
  }
  function Later(props: P) {
    const [Shown, setShown] = useState(() => loaded)
    const [failed, setFailed] = useState<{ error: unknown } | null>(null)
    useEffect(() => {
      if (Shown) return
      let left = false
      come().then(
        () => !left && setShown(() => loaded),
        (error: unknown) => !left && setFailed({ error }),
      )
      return () => {
        left = true
      }
    }, [Shown])
    if (failed) throw failed.error
    return Shown ? <Shown {...props} /> : meanwhile
  }
  Later.preload = () => void come().catch(() => {})
  return Later
}
