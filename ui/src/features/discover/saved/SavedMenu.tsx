import { useState } from 'react'
import { Icon } from '../../../components/Icon'
import { later } from '../../../components/later'
import { Popover } from '../../../components/Popover'
import { texts } from '../../../texts/discover'
import type { Discover } from '../useDiscover'

const SavedPanel = later(() => import('./SavedPanel').then(m => m.SavedPanel))

/** Searches that people keep: the way to save this one, and to the others. */
export function SavedMenu({ discover }: { discover: Discover }) {
  const [open, setOpen] = useState(false)
  const trigger = (
    <button
      type="button"
      className="button quiet small"
      aria-expanded={open}
      aria-haspopup="dialog"
      title={texts.savedSearchesAndQueries}
      onClick={() => setOpen(!open)}
    >
      <Icon name="star" size={13} />
      {texts.savedWord}
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={texts.savedSearches} align="end">
      <SavedPanel discover={discover} onClose={() => setOpen(false)} />
    </Popover>
  )
}
