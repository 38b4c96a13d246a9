import { COLOUR_SCHEMAS, seriesToken } from '../../lib/vis/colours'
import { setVisParam } from '../../lib/vis/edit'
import { readBands, withTarget } from '../../lib/vis/gauge'
import { asJson, asList, asNumber, asText } from '../../lib/vis/json'
import { isXY, type Vis } from '../../lib/vis/model'
import { xyCharts } from '../../lib/vis/series'
import { slicesOf } from '../../lib/vis/slices'
import type { Table } from '../../lib/vis/table'
import { texts } from '../../texts/visualize'
import { Check, Entry, Select } from './AggEditor'
import styles from './StylePanel.module.css'

interface Props {
  vis: Vis
  table: Table | null
  onVis: (vis: Vis) => void
}

/** How the chart looks: what Kibana keeps in `params`, under names that say what it does. */
export function StylePanel({ vis, table, onVis }: Props) {
  const { params } = vis
  const set = (name: string, value: unknown) => onVis(setVisParam(vis, name, value))
  return (
    <div className={styles.panel}>
      {isXY(vis.type) && <XYStyle vis={vis} set={set} onVis={onVis} table={table} />}
      {vis.type === 'pie' && (
        <>
          <Check label={texts.aRing} value={params.isDonut !== false} onChange={on => set('isDonut', on)} />
          <Check
            label={texts.aListOfTheSlices}
            value={params.addLegend !== false}
            onChange={on => set('addLegend', on)}
          />
          <Check
            label={texts.sharesOnTheSlices}
            value={asJson(params.labels).show !== false}
            onChange={show => set('labels', { ...asJson(params.labels), show })}
          />
        </>
      )}
      {(vis.type === 'gauge' || vis.type === 'goal' || vis.type === 'metric') && (
        <GaugeStyle vis={vis} set={set} />
      )}
      {vis.type === 'table' && (
        <>
          <Entry
            label={texts.rowsAPage}
            value={String(params.perPage ?? 10)}
            onChange={text => set('perPage', Math.max(1, Number(text) || 10))}
          />
          <Check
            label={texts.aRowOfTotals}
            value={params.showTotal === true}
            onChange={on => set('showTotal', on)}
          />
          {params.showTotal === true && (
            <Select
              label={texts.total}
              value={asText(params.totalFunc, 'sum')}
              options={[
                ['sum', texts.sum],
                ['avg', texts.average],
                ['min', texts.least],
                ['max', texts.most],
                ['count', texts.howManyRows],
              ]}
              onChange={v => set('totalFunc', v)}
            />
          )}
          <Check
            label={texts.metricsAfterEachLevel}
            value={params.showMetricsAtAllLevels === true}
            onChange={on => set('showMetricsAtAllLevels', on)}
          />
          <Check
            label={texts.rowsWithoutInnerValues}
            value={params.showPartialRows === true}
            onChange={on => set('showPartialRows', on)}
          />
        </>
      )}
      {(vis.type === 'heatmap' || vis.type === 'tile_map') && (
        <>
          <Select
            label={texts.colours}
            value={asText(params.colorSchema, vis.type === 'heatmap' ? 'Blues' : 'Yellow to Red')}
            options={COLOUR_SCHEMAS.map(s => [s, s])}
            onChange={v => set('colorSchema', v)}
          />
          {vis.type === 'heatmap' ? (
            <Check
              label={texts.theOtherWayRound}
              value={params.invertColors === true}
              onChange={on => set('invertColors', on)}
            />
          ) : (
            <Check
              label={texts.aPaleMap}
              value={params.isDesaturated === true}
              onChange={on => set('isDesaturated', on)}
            />
          )}
        </>
      )}
      {vis.type === 'tagcloud' && (
        <>
          <Entry
            label={texts.smallest}
            value={String(params.minFontSize ?? 14)}
            onChange={text => set('minFontSize', Number(text) || 14)}
          />
          <Entry
            label={texts.largest}
            value={String(params.maxFontSize ?? 48)}
            onChange={text => set('maxFontSize', Number(text) || 48)}
          />
        </>
      )}
      {vis.type === 'top_hits_table' && (
        <>
          <Entry
            label={texts.howMany}
            value={String(params.size ?? 50)}
            onChange={text => set('size', Number(text) || 50)}
          />
          <Entry
            label={texts.columns}
            value={asList(params.columns).join(', ')}
            placeholder={texts.chosenFromTheData}
            onChange={text => set('columns', text.split(/[\s,]+/).filter(Boolean))}
          />
        </>
      )}
      {vis.type === 'markdown' && (
        <textarea
          className={styles.text}
          aria-label={texts.text}
          rows={12}
          value={asText(params.markdown)}
          placeholder={texts.runbook}
          onChange={event => set('markdown', event.target.value)}
        />
      )}
    </div>
  )
}

interface PartProps {
  vis: Vis
  set: (name: string, value: unknown) => void
}

function XYStyle({ vis, set, onVis, table }: PartProps & Pick<Props, 'onVis' | 'table'>) {
  const { params } = vis
  const axis = asJson(asList(params.valueAxes)[0])
  const scale = asJson(axis.scale)
  const [threshold] = asList(params.thresholds).map(asJson)
  const mode = params.mode === 'percentage' ? 'percentage' : asText(params.mode, 'auto')
  const axisWith = (patch: object) => set('valueAxes', [{ id: 'ValueAxis-1', ...axis, ...patch }])
  const bounds = (name: 'min' | 'max', text: string) => {
    const value = text.trim() === '' ? undefined : Number(text)
    axisWith({ scale: { ...scale, setYExtents: true, [name]: value } })
  }
  return (
    <>
      <Select
        label={texts.stacking}
        value={mode}
        options={[
          ['auto', texts.stackedWhereItAddsUp],
          ['stacked', texts.stacked],
          ['normal', texts.sideBySide],
          ['percentage', texts.sharesOfTheWhole],
        ]}
        onChange={v => set('mode', v === 'auto' ? undefined : v)}
      />
      {(vis.type === 'line' || vis.type === 'area') && (
        <>
          <Select
            label={texts.lines}
            value={asText(params.interpolate, 'linear')}
            options={[
              ['linear', texts.straightLines],
              ['cardinal', texts.smoothLines],
              ['step-after', texts.steps],
            ]}
            onChange={v => set('interpolate', v)}
          />
          <Select
            label={texts.gaps}
            value={asText(params.fittingFunction, 'none')}
            options={[
              ['none', texts.gapsStayGaps],
              ['linear', texts.gapsAreBridged],
              ['carry', texts.theLastValueGoesOn],
              ['zero', texts.gapsAreZero],
            ]}
            onChange={v => set('fittingFunction', v)}
          />
        </>
      )}
      <Select
        label={texts.scale}
        value={asText(scale.type, 'linear')}
        options={[
          ['linear', texts.linearScale],
          ['log', texts.logarithmicScale],
        ]}
        onChange={type => axisWith({ scale: { ...scale, type } })}
      />
      <div className={styles.pair}>
        <Entry
          label={texts.from}
          value={String(scale.min ?? '')}
          placeholder={texts.automatic}
          onChange={text => bounds('min', text)}
        />
        <Entry
          label={texts.to}
          value={String(scale.max ?? '')}
          placeholder={texts.automatic}
          onChange={text => bounds('max', text)}
        />
      </div>
      <Entry
        label={texts.axisTitle}
        value={asText(asJson(axis.title).text, asText(axis.name))}
        onChange={text => axisWith({ title: { text } })}
      />
      <div className={styles.pair}>
        <Entry
          label={texts.threshold}
          value={String(threshold?.value ?? '')}
          placeholder={texts.none}
          onChange={text =>
            set(
              'thresholds',
              text.trim() === '' || Number.isNaN(Number(text))
                ? undefined
                : [{ ...threshold, value: Number(text), colour: asText(threshold?.colour, 'level-error') }],
            )
          }
        />
        {threshold && (
          <Select
            label={texts.colourOfTheThreshold}
            value={asText(threshold.colour, 'level-error')}
            options={[
              ['level-error', 'red'],
              ['level-warn', 'amber'],
              ['text-2', 'grey'],
            ]}
            onChange={colour => set('thresholds', [{ ...threshold, colour }])}
          />
        )}
      </div>
      <Select
        label={texts.legend}
        value={params.addLegend === false ? 'none' : asText(params.legendPosition, 'top')}
        options={[
          ['top', texts.legendAbove],
          ['right', texts.legendAtTheRight],
          ['bottom', texts.legendBelow],
          ['none', texts.noLegend],
        ]}
        onChange={v =>
          onVis(
            setVisParam(
              setVisParam(vis, 'addLegend', v !== 'none'),
              'legendPosition',
              v === 'none' ? undefined : v,
            ),
          )
        }
      />
      {table && <SeriesColours vis={vis} set={set} names={namesOf(vis, table)} />}
    </>
  )
}

const MAX_COLOURED = 12

const namesOf = (vis: Vis, table: Table): { name: string; group: string | null }[] =>
  vis.type === 'pie'
    ? slicesOf(table).map(s => ({ name: s.name, group: s.name }))
    : (xyCharts(vis, table)[0]?.series ?? []).map(s => ({ name: s.name, group: s.group }))

/** Each series and the colours of the palette: the one it has is marked. */
function SeriesColours({ vis, set, names }: PartProps & { names: { name: string; group: string | null }[] }) {
  const own = asJson(vis.params.colours)
  return (
    <ul className={styles.colours} aria-label={texts.colours}>
      {names.slice(0, MAX_COLOURED).map(({ name, group }, at) => {
        const current = asText(own[name]) || seriesToken(group, at)
        return (
          <li key={name}>
            <span title={name}>{name}</span>
            <fieldset>
              <legend className="visually-hidden">{texts.colourOf(name)}</legend>
              {Array.from({ length: 10 }, (_, i) => `series-${i + 1}`).map(token => (
                <button
                  key={token}
                  type="button"
                  aria-label={texts.colour(token.slice(7))}
                  aria-pressed={current === token}
                  style={{ background: `var(--${token})` }}
                  onClick={() => set('colours', { ...own, [name]: token })}
                />
              ))}
            </fieldset>
          </li>
        )
      })}
    </ul>
  )
}

/** Kibana keeps these under `gauge`, and those of its numbers under `metric`. */
function GaugeStyle({ vis, set }: PartProps) {
  const place = vis.type === 'metric' ? 'metric' : 'gauge'
  const style = asJson(vis.params[place])
  const change = (patch: object) => set(place, { ...style, ...patch })
  const bands = readBands(style.colorsRange)
  const text = bands.length > 0 ? [...bands.map(b => b.from), bands.at(-1)?.to].join(', ') : ''
  const read = (written: string) => {
    const bounds = written
      .split(/[\s,;]+/)
      .map(asNumber)
      .filter(n => n !== null)
    return bounds.slice(0, -1).map((from, at) => ({ from, to: bounds[at + 1] ?? from }))
  }
  return (
    <>
      {vis.type === 'goal' && (
        <Entry
          label={texts.target}
          value={String(bands.at(-1)?.to ?? '')}
          placeholder={texts.none}
          onChange={written => change({ colorsRange: withTarget(bands, asNumber(written)) })}
        />
      )}
      <Entry
        label={texts.ranges}
        value={text}
        placeholder="0, 50, 75, 100"
        onChange={written => change({ colorsRange: read(written) })}
      />
      <Select
        label={texts.colours}
        value={asText(style.colorSchema, 'Green to Red')}
        options={COLOUR_SCHEMAS.map(s => [s, s])}
        onChange={v => change({ colorSchema: v })}
      />
      <Check
        label={texts.theOtherWayRound}
        value={style.invertColors === true}
        onChange={on => change({ invertColors: on })}
      />
      <Check
        label={texts.inPercentOneFilter}
        value={style.percentageMode === true}
        onChange={on => change({ percentageMode: on })}
      />
      {vis.type === 'metric' ? (
        <Check
          label={texts.theNumberInTheColour}
          value={asText(style.metricColorMode, 'None') !== 'None'}
          onChange={on => change({ metricColorMode: on ? 'Labels' : 'None' })}
        />
      ) : (
        <Select
          label={texts.form}
          value={asText(style.gaugeType, 'Arc')}
          options={[
            ['Arc', texts.anArc],
            ['Circle', texts.aCircle],
          ]}
          onChange={v => change({ gaugeType: v })}
        />
      )}
    </>
  )
}
