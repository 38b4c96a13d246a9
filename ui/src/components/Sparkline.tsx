import styles from './Sparkline.module.css'

const WIDTH = 96
const HEIGHT = 18

/** Counts over time as small bars, without axes: their shape is what is seen. */
export function Sparkline({ counts, label }: { counts: readonly number[]; label: string }) {
  const most = Math.max(1, ...counts)
  const step = WIDTH / Math.max(1, counts.length)
  const bars = counts.map((count, i) => {
    if (count === 0) return ''
    const height = Math.max(1.5, (count / most) * HEIGHT)
    return `M${(i * step).toFixed(2)} ${HEIGHT}v${-height.toFixed(2)}h${Math.max(1, step - 1).toFixed(2)}v${height.toFixed(2)}z`
  })
  return (
    <svg className={styles.spark} width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
      <path d={bars.join('')} />
    </svg>
  )
}
