import { useState } from 'react'
import { Icon } from '../../components/Icon'
import { Menu } from '../../components/Menu'
import { Popover } from '../../components/Popover'
import { formatCount } from '../../lib/numbers'
import { texts } from '../../texts/visualize'
import styles from './EditorPage.module.css'
import type { Editor } from './useEditor'

/** The data that the chart is of: data views first, then indices without one. */
export function IndexMenu({ editor }: { editor: Editor }) {
  const [open, setOpen] = useState(false)
  const { index, views, patterns, update } = editor
  const named = views.map(v => ({
    key: v.title,
    label: v.name,
    note: v.name === v.title ? texts.dataViewWord : v.title,
  }))
  const plain = patterns
    .filter(p => !views.some(v => v.title === p.pattern))
    .map(p => ({
      key: p.pattern,
      label: p.pattern === '*' ? texts.allIndices : p.pattern,
      note: formatCount(p.docs),
    }))
  const trigger = (
    <button
      type="button"
      className="button"
      aria-expanded={open}
      aria-haspopup="dialog"
      title={texts.dataView}
      onClick={() => setOpen(!open)}
    >
      <span className={styles.index}>
        {index === '*' ? texts.allIndices : (views.find(v => v.title === index)?.name ?? index ?? '…')}
      </span>
      <Icon name="down" size={12} />
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={texts.dataView}>
      <Menu
        label={texts.dataViews}
        items={[...named, ...plain].map(item => ({
          ...item,
          chosen: item.key === index,
          onSelect: () => {
            setOpen(false)
            update({ index: item.key })
          },
        }))}
      />
    </Popover>
  )
}
