import { useState } from 'react'
import { Icon } from '../components/Icon'
import { Menu } from '../components/Menu'
import { Popover } from '../components/Popover'
import { SpaceMark } from '../components/SpaceMark'
import { SPACE } from '../lib/space'
import { navigate } from '../state/navigate'
import { texts } from '../texts/shell'
import styles from './SpaceMenu.module.css'
import { openSpace, useSpaces } from './spaces'

/** The space that one is in, and the way to the others; nothing as long as there is one. `path` is the page to open there. */
export function SpaceMenu({ path }: { path: string }) {
  const { data = [] } = useSpaces()
  const [open, setOpen] = useState(false)
  const here = data.find(space => space.id === SPACE)
  if (data.length < 2 || !here) return null
  const trigger = (
    <button
      type="button"
      className={`button quiet ${styles.here}`}
      aria-haspopup="dialog"
      aria-expanded={open}
      title={texts.spaceNamed(here.name)}
      onClick={() => setOpen(!open)}
    >
      <span className="visually-hidden">{texts.space} </span>
      <SpaceMark space={here} />
      <Icon name="down" size={11} />
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={texts.spaces}>
      <Menu
        label={texts.spaces}
        items={data.map(space => ({
          key: space.id,
          label: <SpaceMark space={space} />,
          ...(space.initials !== '' && { note: space.initials }),
          chosen: space.id === SPACE,
          onSelect: () => {
            setOpen(false)
            openSpace(space.id, path)
          },
        }))}
      />
      <div className={styles.manage}>
        <Menu
          label={texts.management}
          items={[
            {
              key: 'manage',
              label: texts.manageSpaces,
              onSelect: () => {
                setOpen(false)
                navigate('/management/spaces')
              },
            },
          ]}
        />
      </div>
    </Popover>
  )
}
