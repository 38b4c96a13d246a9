import { useEffect } from 'react'

const NAME = 'Elkhorn'

/** Names the browser's tab, the most telling part first; what is not known yet is left out. */
export function useTitle(...parts: (string | null | undefined)[]) {
  const title = [...parts.filter(Boolean), NAME].join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
