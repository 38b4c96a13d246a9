import { texts } from '../../texts/reports'
import styles from './Inspector.module.css'

interface Props {
  label: string
  value: string | null
  colors: readonly string[]
  onChange: (colour: string) => void
}

/** A colour: one of the report's, or any other. */
export function Colour({ label, value, colors, onChange }: Props) {
  return (
    <fieldset className={styles.colour}>
      <legend>{label}</legend>
      <div className={styles.swatches}>
        {colors.slice(0, 12).map(colour => (
          <button
            key={colour}
            type="button"
            aria-label={`${label}: ${colour}`}
            aria-pressed={colour.toLowerCase() === value?.toLowerCase()}
            style={{ backgroundColor: colour }}
            onClick={() => onChange(colour)}
          />
        ))}
        <input
          type="color"
          aria-label={texts.anotherColour(label)}
          value={hexOf(value)}
          onChange={event => onChange(event.target.value)}
        />
      </div>
    </fieldset>
  )
}

/** The browser's own picker takes six digits and nothing else. */
function hexOf(value: string | null): string {
  if (/^#[0-9a-f]{6}/i.test(value ?? '')) return (value ?? '').slice(0, 7)
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(value ?? '')
  return short ? `#${short[1]}${short[1]}${short[2]}${short[2]}${short[3]}${short[3]}` : '#000000'
}
