import { type ArgPath, isComputed, readArg, withArg } from '../../lib/canvas/change'
import { type Expression, type Literal, parseExpression, printExpression } from '../../lib/canvas/expression'
import type { Element } from '../../lib/canvas/model'
import { PROGRESS_SHAPES, SHAPES } from '../../lib/canvas/values'
import { texts } from '../../texts/reports'
import { Colour } from './Colour'
import styles from './Inspector.module.css'

type Kind = 'text' | 'long' | 'number' | 'colour' | 'flag' | readonly string[]

interface FieldSpec {
  label: string
  kind: Kind
  path: ArgPath
  /** What holds when nothing is written. */
  otherwise: Literal
}

const font = (call: string, arg: string, label: string): FieldSpec[] => [
  {
    label: texts.sizeOf(label),
    kind: 'number',
    path: { call, arg, inner: { call: 'font', arg: 'size' } },
    otherwise: 14,
  },
  {
    label: texts.weightOf(label),
    kind: ['normal', '500', '600', '700'],
    path: { call, arg, inner: { call: 'font', arg: 'weight' } },
    otherwise: 'normal',
  },
  {
    label: texts.sideOf(label),
    kind: ['left', 'center', 'right'],
    path: { call, arg, inner: { call: 'font', arg: 'align' } },
    otherwise: 'left',
  },
  {
    label: texts.colourOf(label),
    kind: 'colour',
    path: { call, arg, inner: { call: 'font', arg: 'color' } },
    otherwise: '#1d1f24',
  },
]

/** What a form offers of an expression, by the function that has it. */
const SPECS: readonly FieldSpec[] = [
  {
    label: texts.queryWithKey,
    kind: 'long',
    path: { call: 'essql', arg: 'query', unnamed: true },
    otherwise: '',
  },
  { label: texts.indices, kind: 'text', path: { call: 'esdocs', arg: 'index' }, otherwise: '' },
  {
    label: texts.documentsLucene,
    kind: 'text',
    path: { call: 'esdocs', arg: 'query', unnamed: true },
    otherwise: '',
  },
  { label: texts.indices, kind: 'text', path: { call: 'escount', arg: 'index' }, otherwise: '' },
  {
    label: texts.documentsLucene,
    kind: 'text',
    path: { call: 'escount', arg: 'query', unnamed: true },
    otherwise: '',
  },
  {
    label: texts.calculation,
    kind: 'text',
    path: { call: 'math', arg: 'expression', unnamed: true },
    otherwise: '',
  },
  { label: texts.alongTheAxis, kind: 'text', path: { call: 'pointseries', arg: 'x' }, otherwise: '' },
  { label: texts.value, kind: 'text', path: { call: 'pointseries', arg: 'y' }, otherwise: '' },
  { label: texts.series, kind: 'text', path: { call: 'pointseries', arg: 'color' }, otherwise: '' },
  {
    label: texts.text,
    kind: 'long',
    path: { call: 'markdown', arg: 'content', unnamed: true },
    otherwise: '',
  },
  ...font('markdown', 'font', texts.theText),
  { label: texts.label, kind: 'text', path: { call: 'metric', arg: 'label', unnamed: true }, otherwise: '' },
  { label: texts.format, kind: 'text', path: { call: 'metric', arg: 'metricFormat' }, otherwise: '' },
  ...font('metric', 'metricFont', texts.theNumber),
  {
    label: texts.form,
    kind: PROGRESS_SHAPES,
    path: { call: 'progress', arg: 'shape', unnamed: true },
    otherwise: 'gauge',
  },
  { label: texts.most, kind: 'number', path: { call: 'progress', arg: 'max' }, otherwise: 1 },
  { label: texts.thickness, kind: 'number', path: { call: 'progress', arg: 'valueWeight' }, otherwise: 20 },
  {
    label: texts.colour,
    kind: 'colour',
    path: { call: 'progress', arg: 'valueColor' },
    otherwise: '#2f6fd0',
  },
  {
    label: texts.form,
    kind: SHAPES,
    path: { call: 'shape', arg: 'shape', unnamed: true },
    otherwise: 'square',
  },
  { label: texts.fill, kind: 'colour', path: { call: 'shape', arg: 'fill' }, otherwise: '#000000' },
  { label: texts.border, kind: 'colour', path: { call: 'shape', arg: 'border' }, otherwise: null },
  {
    label: texts.widthOfTheBorder,
    kind: 'number',
    path: { call: 'shape', arg: 'borderWidth' },
    otherwise: 0,
  },
  {
    label: texts.fitsItsBoxBy,
    kind: ['contain', 'cover', 'stretch'],
    path: { call: 'image', arg: 'mode' },
    otherwise: 'contain',
  },
  { label: texts.rows, kind: 'number', path: { call: 'table', arg: 'perPage' }, otherwise: 10 },
  { label: texts.headsOfColumns, kind: 'flag', path: { call: 'table', arg: 'showHeader' }, otherwise: true },
  { label: texts.hole, kind: 'number', path: { call: 'pie', arg: 'hole' }, otherwise: 0 },
  { label: texts.namesBesideTheSlices, kind: 'flag', path: { call: 'pie', arg: 'labels' }, otherwise: true },
  {
    label: texts.widthOfLines,
    kind: 'number',
    path: { call: 'plot', arg: 'defaultStyle', inner: { call: 'seriesStyle', arg: 'lines' } },
    otherwise: 0,
  },
  {
    label: texts.widthOfBars,
    kind: 'number',
    path: { call: 'plot', arg: 'defaultStyle', inner: { call: 'seriesStyle', arg: 'bars' } },
    otherwise: 0,
  },
]

interface Props {
  element: Element
  colors: readonly string[]
  onChange: (expression: string, gesture: string) => void
}

/** A form for what most people change of an element; the rest is in its expression. */
export function Fields({ element, colors, onChange }: Props) {
  const expression = readOrNull(element.expression)
  if (expression === null) return null
  const specs = SPECS.filter(
    ({ path }) => expression.calls.some(c => c.name === path.call) && !isComputed(expression, path),
  )
  return (
    <div className={styles.group} role="group" aria-label={texts.content}>
      {specs.map(spec => (
        <Field
          key={`${spec.path.call} ${spec.label}`}
          spec={spec}
          value={readArg(expression, spec.path) ?? spec.otherwise}
          colors={colors}
          onChange={value =>
            onChange(
              printExpression(withArg(expression, spec.path, value)),
              `${element.id} ${spec.path.call} ${spec.label}`,
            )
          }
        />
      ))}
    </div>
  )
}

function readOrNull(text: string): Expression | null {
  try {
    return parseExpression(text)
  } catch {
    return null
  }
}

interface FieldProps {
  spec: FieldSpec
  value: Literal
  colors: readonly string[]
  onChange: (value: Literal) => void
}

function Field({ spec: { label, kind }, value, colors, onChange }: FieldProps) {
  if (kind === 'colour')
    return (
      <Colour
        label={label}
        value={value === null ? null : String(value)}
        colors={colors}
        onChange={onChange}
      />
    )
  if (kind === 'flag')
    return (
      <label className={styles.check}>
        <input type="checkbox" checked={value === true} onChange={e => onChange(e.target.checked)} /> {label}
      </label>
    )
  const text = value === null ? '' : String(value)
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: each of the branches is a control
    <label className={styles.field}>
      <span>{label}</span>
      {kind === 'long' ? (
        <textarea className="input" rows={5} value={text} onChange={e => onChange(e.target.value)} />
      ) : kind === 'number' ? (
        <input
          className="input"
          type="number"
          step="any"
          value={text}
          onChange={e => Number.isFinite(e.target.valueAsNumber) && onChange(e.target.valueAsNumber)}
        />
      ) : kind === 'text' ? (
        <input className="input" value={text} onChange={e => onChange(e.target.value)} />
      ) : (
        <select className="input" value={text} onChange={e => onChange(e.target.value)}>
          {!kind.includes(text) && <option>{text}</option>}
          {kind.map(one => (
            <option key={one}>{one}</option>
          ))}
        </select>
      )}
    </label>
  )
}
