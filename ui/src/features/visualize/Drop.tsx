import { type DragEvent, type ReactNode, useState } from 'react'
import styles from './Drop.module.css'

/** What is carried while a field is dragged: its name. */
const CARRIED = 'text/x-field'

export const carryField = (event: DragEvent, name: string) => event.dataTransfer.setData(CARRIED, name)

/** Whether a field is over a place, and what makes an element such a place. Keys have buttons for the same. */
export function useDrop(onField: (name: string) => void) {
  const [over, setOver] = useState(false)
  return {
    over,
    places: {
      onDragOver: (event: DragEvent) => {
        event.preventDefault()
        setOver(true)
      },
      onDragLeave: (event: DragEvent) => {
        if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)))
          setOver(false)
      },
      onDrop: (event: DragEvent) => {
        event.preventDefault()
        setOver(false)
        const name = event.dataTransfer.getData(CARRIED)
        if (name !== '') onField(name)
      },
    },
  }
}

interface Props {
  label: string
  className: string | undefined
  /** Left out of the chart for now. */
  off: boolean
  dragging: boolean
  onField: (name: string) => void
  children: ReactNode
}

/** A part of the settings whose field is replaced by one that is dropped on it. */
export function Drop({ label, className, off, dragging, onField, children }: Props) {
  const { over, places } = useDrop(onField)
  return (
    <fieldset
      className={`${className} ${styles.drop}`}
      data-off={off}
      data-over={over}
      data-dragging={dragging}
      {...places}
    >
      <legend className="visually-hidden">{label}</legend>
      {children}
    </fieldset>
  )
}

/** A free place: pressed, it takes the most likely field; a field dropped on it is taken instead. */
export function Slot(props: {
  label: string
  dragging: boolean
  /** Null where only a press has a meaning. */
  onField: ((name: string) => void) | null
  onPress: () => void
}) {
  const { label, dragging, onField, onPress } = props
  const { over, places } = useDrop(onField ?? (() => {}))
  return (
    <button
      type="button"
      className={styles.slot}
      data-over={over && onField !== null}
      data-dragging={dragging && onField !== null}
      onClick={onPress}
      {...(onField === null ? {} : places)}
    >
      + {label}
    </button>
  )
}
