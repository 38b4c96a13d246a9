import type { ReactNode } from 'react'
import { formatCount, formatRough } from '../../lib/numbers'
import type { PipelineStats, PluginStats, TreeNode } from '../../lib/pipelines'
import { Failure, Waiting } from '../../shell/States'
import { texts } from '../../texts/pipelines'
import styles from './PipelineGraph.module.css'
import { usePlaces, usePluginRates, useSource } from './queries'

interface Shown {
  stats: (node: TreeNode) => PluginStats | undefined
  rates: Record<string, number>
  /** Milliseconds of all filters and outputs. */
  total: number
}

/** A pipeline as events meet it: inputs, the queue, filters under their conditions, outputs; each with its rate and its share of the time. */
export function PipelineGraph({ pipeline, at }: { pipeline: PipelineStats; at: number }) {
  const source = useSource(pipeline.id)
  const places = usePlaces(pipeline.id, String(pipeline.reloads.successes))
  const rates = usePluginRates(pipeline, at)
  if (source.error)
    return (
      <Failure
        error={source.error}
        title={texts.theConfigurationDidNotCome}
        onRetry={() => source.refetch()}
      />
    )
  if (!source.data) return <Waiting />
  const { tree } = source.data
  if (!tree) return <p className={styles.note}>{texts.theConfigurationOnDisk}</p>
  const byId = new Map(pipeline.plugins.map(p => [p.id, p]))
  const shown: Shown = {
    stats: node => byId.get(node.id || (places.data?.[`${node.file}:${node.line}:${node.column}`] ?? '')),
    rates,
    total: pipeline.plugins.reduce((sum, p) => sum + (p.kind === 'input' ? 0 : p.millis), 0),
  }
  const { queue } = pipeline
  return (
    <div className={styles.graph}>
      <Column title={texts.inputs}>
        <Nodes nodes={tree.inputs} shown={shown} />
      </Column>
      <Column title={texts.queue}>
        <div className={styles.queue}>
          <strong>{formatCount(queue.events)}</strong>
          <span>{queue.type === 'persisted' ? texts.eventsOnDisk : texts.eventsInMemory}</span>
          <span>{texts.workersAtATime(pipeline.workers, formatCount(pipeline.batchSize))}</span>
        </div>
      </Column>
      <Column title={texts.filters} wide>
        {tree.filters.length === 0 ? (
          <p className={styles.note}>{texts.eventsPassAsTheyAre}</p>
        ) : (
          <Nodes nodes={tree.filters} shown={shown} />
        )}
      </Column>
      <Column title={texts.outputs}>
        <Nodes nodes={tree.outputs} shown={shown} />
      </Column>
    </div>
  )
}

function Column({ title, wide = false, children }: { title: string; wide?: boolean; children: ReactNode }) {
  return (
    <section className={styles.column} data-wide={wide} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  )
}

function Nodes({ nodes, shown }: { nodes: TreeNode[]; shown: Shown }) {
  return (
    <ol className={styles.nodes}>
      {nodes.map(node => (
        <li key={`${node.file}:${node.line}:${node.column}`}>
          {node.arms.length > 0 ? (
            node.arms.map((arm, i) => (
              <div key={`${arm.line}:${arm.column}`} className={styles.arm}>
                <p className={styles.condition}>
                  <b>{arm.condition === null ? texts.else : i === 0 ? texts.if : texts.elseIf}</b>{' '}
                  {arm.condition}
                </p>
                {arm.body.length > 0 ? (
                  <Nodes nodes={arm.body} shown={shown} />
                ) : (
                  <p className={styles.note}>{texts.nothing}</p>
                )}
              </div>
            ))
          ) : (
            <Plugin node={node} shown={shown} />
          )}
        </li>
      ))}
    </ol>
  )
}

function Plugin({ node, shown }: { node: TreeNode; shown: Shown }) {
  const stats = shown.stats(node)
  const rate = stats && shown.rates[stats.id]
  const share = stats && stats.kind !== 'input' && shown.total > 0 ? stats.millis / shown.total : 0
  const count = stats ? (stats.kind === 'input' ? stats.out : stats.in) : 0
  return (
    <div className={styles.plugin} title={texts.line(node.file, node.line)}>
      <span className={styles.name}>
        {node.plugin}
        {node.id && <i>{node.id}</i>}
      </span>
      <span className={styles.rate}>
        {rate === undefined ? texts.eventsCount(formatCount(count)) : `${formatRough(rate)}/s`}
      </span>
      {stats && stats.kind !== 'input' && (
        <>
          <span className={styles.share}>
            <span style={{ width: `${share * 100}%` }} />
          </span>
          <span className={styles.time}>
            {stats.in > 0
              ? texts.msEach(formatRough(stats.millisPerEvent ?? stats.millis / stats.in))
              : texts.notMetYet}
          </span>
        </>
      )}
    </div>
  )
}
