import { asJson, asList, asText } from '../../lib/vis/json'
import { METRICS } from '../../lib/vis/metrics'
import { texts } from '../../texts/visualize'
import { type AggProps, Entry, Select } from './AggEditor'
import { FormulaInput } from './FormulaInput'

type Props = AggProps & { onParam: (name: string, value: unknown) => void }

const OVER_SERIES = ['derivative', 'cumulative_sum', 'moving_avg', 'serial_diff']

export function MetricOptions({ vis, agg, fields, timeField, onParam, onVis }: Props) {
  const { params } = agg
  const numbers = (text: string) =>
    text
      .split(/[\s,;]+/)
      .map(Number)
      .filter(n => Number.isFinite(n))
  const others = vis.aggs.filter(a => a.schema === 'metric' && a.id !== agg.id)
  return (
    <>
      {agg.type === 'formula' && (
        <FormulaInput
          value={asText(params.formula)}
          fields={fields}
          timeField={timeField}
          onChange={text => onParam('formula', text)}
        />
      )}
      {agg.type === 'percentiles' && (
        <Entry
          label={texts.percents}
          value={(asList(params.percents).length > 0
            ? asList(params.percents)
            : [1, 5, 25, 50, 75, 95, 99]
          ).join(', ')}
          onChange={text => onParam('percents', numbers(text))}
        />
      )}
      {agg.type === 'percentile_ranks' && (
        <Entry
          label={texts.values}
          value={asList(params.values).join(', ')}
          onChange={text => onParam('values', numbers(text))}
        />
      )}
      {OVER_SERIES.includes(agg.type) && (
        <Select
          label={texts.of}
          value={asText(params.metricAgg, 'custom')}
          options={[
            ['custom', texts.theCount],
            ...others.map((o): [string, string] => [
              o.id,
              `${METRICS[o.type]?.label ?? o.type} ${asText(o.params.field)}`,
            ]),
          ]}
          onChange={id => {
            const custom = id === 'custom' ? { customMetric: { type: 'count', params: {} } } : {}
            const { customMetric: _, ...rest } = asJson(params)
            onVis({
              ...vis,
              aggs: vis.aggs.map(a =>
                a === agg ? { ...a, params: { ...rest, metricAgg: id, ...custom } } : a,
              ),
            })
          }}
        />
      )}
      {agg.type === 'moving_avg' && (
        <Entry
          label={texts.window}
          value={String(params.window ?? 5)}
          onChange={text => onParam('window', Number(text) || 5)}
        />
      )}
      {agg.type === 'serial_diff' && (
        <Entry
          label={texts.lag}
          value={String(params.lag ?? 1)}
          onChange={text => onParam('lag', Number(text) || 1)}
        />
      )}
      <Entry
        label={texts.name}
        value={asText(params.customLabel)}
        placeholder={texts.asItIs}
        onChange={text => onParam('customLabel', text || undefined)}
      />
      <Select
        label={texts.format}
        value={asText(asJson(params.format).id, asText(params.format, 'number'))}
        options={[
          ['number', texts.asANumber],
          ['percent', texts.inPercent],
          ['bytes', texts.asBytes],
          ['duration', texts.millisecondsAsTime],
        ]}
        onChange={format => onParam('format', format === 'number' ? undefined : format)}
      />
    </>
  )
}
