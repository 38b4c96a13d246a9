import type { CSSProperties } from 'react'
import { Markdown } from '../../../components/charts/Markdown'
import { Icon } from '../../../components/Icon'
import type { Element, Workpad } from '../../../lib/canvas/model'
import type { ContainerStyle, Drawing } from '../../../lib/canvas/values'
import { texts } from '../../../texts/reports'
import { type Moment, useOutcome } from '../queries'
import styles from './draw.module.css'
import { Picture } from './Picture'
import { Pie } from './Pie'
import { Plot } from './Plot'
import { Progress } from './Progress'
import { SavedView } from './SavedView'
import { Shape } from './Shape'
import { TableView } from './TableView'
import { fontStyle } from './text'

interface Props {
  element: Element
  workpad: Workpad
  moment: Moment | null
}

/** What an element draws, in whatever state it is. */
export function Drawn({ element, workpad, moment }: Props) {
  const { expression, place } = element
  const outcome = useOutcome(expression, workpad, moment)
  const { data, error } = outcome
  if (error && !outcome.isFetching) return <Refused reason={error.message} />
  if (!data || moment === null) return <div className={styles.waiting} aria-busy="true" />
  const { container, drawing } = data.render
  const taken = (container.padding + (container.border?.width ?? 0)) * 2
  return (
    <div
      className={styles.frame}
      style={frameStyle(container)}
      data-visible={container.visible}
      aria-busy={outcome.isFetching}
    >
      {container.image !== null && (
        <div className={styles.back}>
          <Picture source={container.image} mode={container.imageSize} />
        </div>
      )}
      <div className={styles.inside}>
        <Content
          drawing={drawing}
          width={Math.max(1, place.width - taken)}
          height={Math.max(1, place.height - taken)}
          moment={moment}
        />
      </div>
      {data.notes.length > 0 && (
        <span
          className={styles.note}
          title={data.notes.join('\n')}
          role="note"
          aria-label={data.notes.join(' ')}
        >
          <Icon name="warning" size={12} />
        </span>
      )}
    </div>
  )
}

const frameStyle = (container: ContainerStyle): CSSProperties => ({
  ...(container.background !== null && { backgroundColor: container.background }),
  ...(container.border !== null && {
    border: `${container.border.width}px ${container.border.style} ${container.border.color}`,
  }),
  ...(container.radius > 0 && { borderRadius: `${container.radius}px` }),
  ...(container.padding > 0 && { padding: `${container.padding}px` }),
  ...(container.opacity < 1 && { opacity: container.opacity }),
})

interface ContentProps {
  drawing: Drawing
  width: number
  height: number
  moment: Moment
}

function Content({ drawing, width, height, moment }: ContentProps) {
  switch (drawing.kind) {
    case 'markdown':
      return (
        <div className={styles.markdown} style={fontStyle(drawing.font)}>
          <Markdown text={drawing.text} />
        </div>
      )
    case 'metric':
      return (
        <div className={styles.metric}>
          <div style={fontStyle(drawing.metricFont)}>{drawing.value}</div>
          {drawing.label !== '' && <div style={fontStyle(drawing.labelFont)}>{drawing.label}</div>}
        </div>
      )
    case 'image':
      return <Picture source={drawing.source} mode={drawing.mode} />
    case 'shape':
      return <Shape drawing={drawing} width={width} height={height} />
    case 'progress':
      return <Progress drawing={drawing} width={width} height={height} />
    case 'table':
      return <TableView drawing={drawing} />
    case 'plot':
      return <Plot drawing={drawing} width={width} height={height} />
    case 'pie':
      return <Pie drawing={drawing} width={width} height={height} />
    case 'saved':
      return <SavedView saved={drawing.saved} moment={moment} width={Math.round(width)} />
    case 'nothing':
      return null
  }
}

/** Why an element is not drawn, where it would stand. */
export function Refused({ reason }: { reason: string }) {
  return (
    <div className={styles.refused} role="note">
      <b>
        <Icon name="warning" size={13} /> {texts.thisElementIsNotDrawn}
      </b>
      <span>{reason}</span>
    </div>
  )
}
