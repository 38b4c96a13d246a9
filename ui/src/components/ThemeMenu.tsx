import { useState } from 'react'
import { setTheme, THEMES, type Theme, useTheme } from '../state/theme'
import { texts } from '../texts/components'
import { Icon } from './Icon'
import { Menu } from './Menu'
import { Popover } from './Popover'

const THEME_NAMES: Record<Theme, string> = { system: texts.asTheSystem, light: texts.light, dark: texts.dark }

export function ThemeMenu() {
  const theme = useTheme()
  const [open, setOpen] = useState(false)
  const icon = { system: 'screen', light: 'sun', dark: 'moon' } as const
  const trigger = (
    <button
      type="button"
      className="button quiet icon"
      aria-expanded={open}
      aria-label={texts.theme}
      title={texts.themeWithKey}
      onClick={() => setOpen(!open)}
    >
      <Icon name={icon[theme]} />
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={texts.theme} align="end">
      <Menu
        label={texts.theme}
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
