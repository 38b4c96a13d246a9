import { useEffect, useMemo, useRef, useState } from 'react'
import { BROWSER, offsetText, type Zone, zoneName } from '../lib/time/zone'
import { chooseZone, useZone } from '../state/zone'
import { texts } from '../texts/components'
import { Menu } from './Menu'
import { Popover } from './Popover'
import styles from './ZoneMenu.module.css'

/** A list of all of them is no choice. */
const SHOWN = 12

/** Names that browsers understand and do not list, as their lists keep the older ones. */
const NEWER = [
  'America/Argentina/Buenos_Aires',
  'Asia/Ho_Chi_Minh',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Yangon',
  'Europe/Kyiv',
]

/** The zone that times are shown in, always in sight, and the way to another one. */
export function ZoneMenu() {
  const zone = useZone()
  const [open, setOpen] = useState(false)
  const offset = offsetText(Date.now())
  const trigger = (
    <button
      type="button"
      className="button quiet"
      aria-expanded={open}
      aria-haspopup="dialog"
      title={texts.timesAreShownIn(zoneName(zone))}
      onClick={() => setOpen(!open)}
    >
      <span className="visually-hidden">{texts.timeZoneIs(zoneName(zone))}</span>
      <span className={styles.offset}>{offset}</span>
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={texts.timeZone} align="end">
      <Choice
        zone={zone}
        onChoose={chosen => {
          setOpen(false)
          chooseZone(chosen)
        }}
      />
    </Popover>
  )
}

function Choice({ zone, onChoose }: { zone: Zone; onChoose: (zone: Zone) => void }) {
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  const names = useMemo(() => {
    const listed = Intl.supportedValuesOf('timeZone').filter(name => name !== 'UTC')
    return [...new Set([...listed, ...NEWER])].sort()
  }, [])
  const wanted = text.trim().toLowerCase().replaceAll(' ', '_')
  const named = names.filter(name => (wanted === '' ? name === zone : name.toLowerCase().includes(wanted)))
  const item = (name: Zone, label: string) => ({
    key: name,
    label,
    chosen: name === zone,
    onSelect: () => onChoose(name),
  })
  return (
    <>
      <input
        ref={input}
        className={`input ${styles.search}`}
        value={text}
        placeholder={texts.anotherZoneSuchAsOslo}
        aria-label={texts.findATimeZone}
        spellCheck={false}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => {
          const [only] = named
          if (event.key === 'Enter' && wanted !== '' && only !== undefined) onChoose(only)
        }}
      />
      <Menu
        label={texts.timeZones}
        items={[
          ...(wanted === ''
            ? [{ ...item(BROWSER, texts.thisBrowser), note: zoneName(BROWSER) }, item('UTC', 'UTC')]
            : []),
          ...named.slice(0, SHOWN).map(name => item(name, name.replaceAll('_', ' '))),
        ]}
      />
      {wanted !== '' && named.length === 0 && (
        <p className={styles.remark} role="status">
          {texts.noZoneHasThisInItsName}
        </p>
      )}
      <p className={styles.remark}>{texts.linksAndStoredTimes}</p>
    </>
  )
}
