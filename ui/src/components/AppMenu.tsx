import { useState } from 'react'
import { useLocation } from 'wouter'
import { PAGE_GROUPS, PAGES, type PagePath } from '../lib/pages'
import { wayTo } from '../state/places'
import styles from './AppMenu.module.css'
import { Icon } from './Icon'
import { Menu } from './Menu'
import { Popover } from './Popover'

/** The name, and under it the way to the other pages. */
export function AppMenu({ current }: { current: PagePath | null }) {
  const [open, setOpen] = useState(false)
  const [, navigate] = useLocation()
  const trigger = (
    <button
      type="button"
      className={styles.logo}
      aria-label="Elkhorn: pages"
      aria-haspopup="dialog"
      aria-expanded={open}
      title="Pages (g, then a letter)"
      onClick={() => setOpen(!open)}
    >
      <img src="/elkhorn.svg" alt="" width={20} height={20} />
      <Icon name="down" size={11} />
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label="Pages">
      {PAGE_GROUPS.map(group => [group, PAGES.filter(page => page.group === group)] as const)
        .filter(([, pages]) => pages.length > 0)
        .map(([group, pages]) => (
          <section key={group} className={styles.group}>
            <h2>{group}</h2>
            <Menu
              label={group}
              items={pages.map(page => ({
                key: page.path,
                label: (
                  <span className={styles.page}>
                    <Icon name={page.icon} />
                    {page.label}
                  </span>
                ),
                note: (
                  <>
                    <kbd>G</kbd> <kbd>{page.key.toUpperCase()}</kbd>
                  </>
                ),
                chosen: page.path === current,
                onSelect: () => {
                  setOpen(false)
                  if (page.path !== current) navigate(wayTo(page.path))
                },
              }))}
            />
          </section>
        ))}
    </Popover>
  )
}
