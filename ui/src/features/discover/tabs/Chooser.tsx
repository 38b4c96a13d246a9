import { useState } from 'react'
import { Icon } from '../../../components/Icon'
import { Menu } from '../../../components/Menu'
import { Popover } from '../../../components/Popover'

interface Props {
  /** On the button. */
  label: string
  title: string
  values: readonly string[]
  chosen: string | null
  align?: 'start' | 'end'
  onChoose: (value: string) => void
}

/** One of several, behind a quiet button. */
export function Chooser({ label, title, values, chosen, align = 'end', onChoose }: Props) {
  const [open, setOpen] = useState(false)
  const trigger = (
    <button
      type="button"
      className="button quiet small"
      aria-expanded={open}
      aria-haspopup="dialog"
      title={title}
      onClick={() => setOpen(!open)}
    >
      {label}
      <Icon name="down" size={11} />
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={title} align={align}>
      <Menu
        label={title}
        items={values.map(value => ({
          key: value,
          label: value,
          chosen: value === chosen,
          onSelect: () => {
            setOpen(false)
            onChoose(value)
          },
        }))}
      />
    </Popover>
  )
}
