import styles from './Tabs.module.css'

interface Props<Id extends string> {
  label: string
  tabs: readonly (readonly [id: Id, label: string])[]
  current: Id
  onChange: (id: Id) => void
}

/** Views of one thing. Arrow keys move from tab to tab. */
export function Tabs<Id extends string>({ label, tabs, current, onChange }: Props<Id>) {
  const at = tabs.findIndex(([id]) => id === current)
  return (
    <div
      className={styles.tabs}
      role="tablist"
      aria-label={label}
      onKeyDown={event => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
        const next = step === undefined ? undefined : tabs[(at + step + tabs.length) % tabs.length]
        if (!next) return
        event.preventDefault()
        onChange(next[0])
        const buttons = event.currentTarget.querySelectorAll('button')
        buttons[tabs.indexOf(next)]?.focus()
      }}
    >
      {tabs.map(([id, text]) => (
        <button
          key={id}
          type="button"
          role="tab"
          aria-selected={id === current}
          tabIndex={id === current ? 0 : -1}
          className={styles.tab}
          onClick={() => onChange(id)}
        >
          {text}
        </button>
      ))}
    </div>
  )
}
