import { seriesToken } from '../../lib/vis/colours'
import { asNumber } from '../../lib/vis/json'
import type { Vis } from '../../lib/vis/model'
import { bucketColumns, metricColumnsOf, rowFilters, type Table } from '../../lib/vis/table'
import { texts } from '../../texts/charts'
import type { ChartEvents } from './mark'
import styles from './TagCloud.module.css'

interface Props extends ChartEvents {
  vis: Vis
  table: Table
}

/** Values as words, the larger the more. */
export function TagCloud({ vis, table, onMark }: Props) {
  const bucket = bucketColumns(table)[0]
  const metric = metricColumnsOf(table)[0]
  const [small, large] = [
    asNumber(vis.params.minFontSize) ?? 14,
    Math.min(64, asNumber(vis.params.maxFontSize) ?? 48),
  ]
  const scale =
    vis.params.scale === 'log'
      ? Math.log1p
      : vis.params.scale === 'square root'
        ? Math.sqrt
        : (n: number) => n
  const words = table.rows.map(row => {
    const cell = metric === undefined ? undefined : row.cells[metric]
    return {
      name: bucket === undefined ? texts.all : (row.cells[bucket]?.text ?? ''),
      text: cell?.text ?? '',
      size: scale(Math.max(0, Number(cell?.value ?? 0))),
      filters: rowFilters(table, row),
    }
  })
  const [least, most] = [Math.min(...words.map(w => w.size)), Math.max(...words.map(w => w.size))]
  return (
    <ul className={styles.cloud} aria-label={texts.tags}>
      {words.map((word, at) => {
        const share = most > least ? (word.size - least) / (most - least) : 1
        return (
          <li key={word.name}>
            <button
              type="button"
              title={`${word.name}: ${word.text}`}
              style={{
                // A letter is about 0.6 of its size wide: the longest word fits in one line.
                fontSize: `min(${small + share * (large - small)}px, ${Math.max(4, 160 / word.name.length)}cqw)`,
                color: `color-mix(in srgb, var(--${seriesToken(word.name, at)}) 70%, var(--text-1))`,
              }}
              onClick={event =>
                onMark({
                  title: word.name,
                  text: word.text,
                  filters: word.filters,
                  x: event.clientX,
                  y: event.clientY,
                })
              }
            >
              {word.name}
            </button>
          </li>
        )
      })}
      {vis.params.showLabel !== false && bucket !== undefined && (
        <li className={styles.caption}>{table.columns[bucket]?.name}</li>
      )}
    </ul>
  )
}
