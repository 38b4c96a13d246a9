import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'
import styles from './Popover.module.css'

interface Props {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** The button, which gets its state through `aria-expanded`. */
  trigger: ReactNode
  /** Names the panel for screen readers. */
  label: string
  align?: 'start' | 'end'
  children: ReactNode
}

/** Left below the panel, in CSS pixels. */
const MARGIN = 8

/** A panel under a button, which scrolls where the window is too low for it. Escape and a press outside close it; focus goes back to the button. */
export function Popover({ open, onOpenChange, trigger, label, align = 'start', children }: Props) {
  const root = useRef<HTMLDivElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return
    const button = root.current?.querySelector('button')
    const close = (event: Event) => {
      if (!(event.target instanceof Node) || !root.current?.contains(event.target)) onOpenChange(false)
    }
    const pressEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      onOpenChange(false)
      button?.focus()
    }
    document.addEventListener('pointerdown', close)
    document.addEventListener('keydown', pressEscape, true)
    return () => {
      document.removeEventListener('pointerdown', close)
      document.removeEventListener('keydown', pressEscape, true)
    }
  }, [open, onOpenChange])
  useLayoutEffect(() => {
    const { current } = panel
    if (!open || !current) return
    const fit = () => {
      const room = innerHeight - current.getBoundingClientRect().top - MARGIN
      current.style.setProperty('--room', `${room}px`)
      current.dataset.tall = String(current.scrollHeight > room)
    }
    const observer = new ResizeObserver(fit)
    observer.observe(current)
    fit()
    addEventListener('resize', fit)
    return () => {
      observer.disconnect()
      removeEventListener('resize', fit)
    }
  }, [open])
  return (
    <div className={styles.root} ref={root}>
      {trigger}
      {open && (
        <div ref={panel} className={styles.panel} data-align={align} role="dialog" aria-label={label}>
          {children}
        </div>
      )}
    </div>
  )
}
