import { useState } from 'react'
import { useLocation } from 'wouter'
import { PAGE_GROUPS, PAGES, type PagePath } from '../lib/pages'
import { wayTo } from '../state/places'
import { texts } from '../texts/components'
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
      aria-label={texts.elkhornPages}
      aria-haspopup="dialog"
      aria-expanded={open}
      title={texts.pagesGThenALetter}
      onClick={() => setOpen(!open)}
    >
      {/* Drawn here, so that it is there when the server is not. */}
      <svg className={styles.mark} viewBox="0 0 24 24" width={20} height={20} aria-hidden="true">
        <path d="M12 22v-8M12 14C7.500 14 5 11.500 4 7M12 14c4.500 0 7-2.500 8-7M6 10.500C3.800 10.200 2.600 9 2 7.200M18 10.500c2.200-.3 3.400-1.500 4-3.300M8.300 13C8.600 9.800 8.300 6.600 7 3M15.700 13c-.3-3.200 0-6.400 1.300-10" />
      </svg>
      <Icon name="down" size={11} />
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={texts.pages}>
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
