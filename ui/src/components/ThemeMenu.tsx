import { useState } from 'react'
import { setTheme, THEMES, type Theme, useTheme } from '../state/theme'
import { Icon } from './Icon'
import { Menu } from './Menu'
import { Popover } from './Popover'

const THEME_NAMES: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' }

export function ThemeMenu() {
  const theme = useTheme()
  const [open, setOpen] = useState(false)
  const icon = { system: 'screen', light: 'sun', dark: 'moon' } as const
  const trigger = (
    <button
      type="button"
      className="button quiet icon"
      aria-expanded={open}
      aria-label="Theme"
      title="Theme (d)"
      onClick={() => setOpen(!open)}
    >
      <Icon name={icon[theme]} />
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label="Theme" align="end">
      <Menu
        label="Theme"
        items={THEMES.map(one => ({
          key: one,
          label: THEME_NAMES[one],
          chosen: one === theme,
          onSelect: () => {
            setOpen(false)
            setTheme(one)
          },
        }))}
      />
    </Popover>
  )
}
