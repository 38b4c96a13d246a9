import { useState } from 'react'
import { texts } from '../texts/components'
import { Icon } from './Icon'

/** Copies a text and says so until the pointer leaves. */
export function CopyButton({
  text,
  label,
  className = 'button quiet small',
}: {
  text: () => string
  label: string
  className?: string
}) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle')
  const copy = async () => {
    try {
      // Undefined on pages that did not come over TLS or from this machine.
      await navigator.clipboard.writeText(text())
      setState('copied')
    } catch {
      setState('refused')
    }
  }
  const words = { idle: label, copied: texts.copied, refused: texts.copyingIsNotAllowedHere }
  return (
    <button type="button" className={className} onClick={copy} onPointerLeave={() => setState('idle')}>
      <Icon name={state === 'copied' ? 'check' : 'copy'} size={13} />
      <span aria-live="polite">{words[state]}</span>
    </button>
  )
}
