import { useState } from 'react'
import { CopyButton } from '../../components/CopyButton'
import { Icon } from '../../components/Icon'
import { Popover } from '../../components/Popover'
import { COPY_FORMS, copyAs } from '../../lib/console/copyas'
import type { ConsoleRequest } from '../../lib/console/parse'
import { texts } from '../../texts/devtools'
import styles from './CopyAs.module.css'

interface Props {
  requests: ConsoleRequest[]
  /** Undefined until it is known. */
  server: string | undefined
}

/** The requests at the cursor, as code. */
export function CopyAs({ requests, server }: Props) {
  const [open, setOpen] = useState(false)
  const trigger = (
    <button
      type="button"
      className="button quiet small"
      aria-expanded={open}
      aria-haspopup="dialog"
      disabled={requests.length === 0 || server === undefined}
      onClick={() => setOpen(!open)}
    >
      {texts.copyAsWord} <Icon name="down" size={11} />
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={texts.copyAs} align="end">
      <ul className={styles.forms} aria-label={texts.copyAs}>
        {COPY_FORMS.map(form => (
          <li key={form}>
            <CopyButton
              className={`button quiet ${styles.form}`}
              label={form}
              text={() => copyAs(form, requests, server ?? '')}
            />
          </li>
        ))}
      </ul>
    </Popover>
  )
}
