import { useMutation } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { CodeEditor } from '../../components/CodeEditor'
import { CopyButton } from '../../components/CopyButton'
import { Icon } from '../../components/Icon'
import { Split } from '../../components/Split'
import { tokenizeConsole } from '../../lib/console/tokens'
import { formatMeasure } from '../../lib/numbers'
import { MOD, PageBar } from '../../shell/PageBar'
import { Failure } from '../../shell/States'
import { navigate, useSearch } from '../../state/navigate'
import { texts } from '../../texts/devtools'
import styles from './ProfilerPage.module.css'
import { type ProfileNode, profileOf } from './profile'

const PATH = '/dev_tools/profiler'
const START = `{
  "query": {
    "bool": {
      "filter": [
        { "range": { "@timestamp": { "gte": "now-1d" } } }
      ]
    }
  },
  "aggs": {
    "over_time": { "auto_date_histogram": { "field": "@timestamp", "buckets": 50 } }
  }
}`

/** A search with the time that each of its parts takes. */
export function ProfilerPage() {
  const params = new URLSearchParams(useSearch())
  const [index, setIndex] = useState(params.get('index') ?? '*')
  const [text, setText] = useState(params.get('search') ?? START)
  const spans = useMemo(() => tokenizeConsole(text), [text])
  const run = useMutation({ mutationFn: () => profileOf(index, text) })
  const start = () => {
    navigate(`${PATH}?${new URLSearchParams({ index, search: text })}`, { replace: true })
    run.mutate()
  }
  const commands = [
    { id: 'profile', label: texts.profileTheSearch, keys: [MOD, 'Enter'], kind: texts.profiler, run: start },
  ]
  return (
    <div className={styles.page}>
      <PageBar current={PATH} commands={commands}>
        <CopyButton className="button quiet" label={texts.share} text={() => location.href} />
      </PageBar>
      <main className={styles.body} aria-label={texts.queryProfiler}>
        <h1 className="visually-hidden">{texts.queryProfiler}</h1>
        <Split
          label={texts.widthOfTheSearch}
          left={
            <section className={styles.pane} aria-label={texts.search}>
              <div className={styles.tools}>
                <label className={styles.index}>
                  <span>{texts.index}</span>
                  <input
                    className="input"
                    spellCheck={false}
                    value={index}
                    onChange={event => setIndex(event.target.value)}
                  />
                </label>
                <button
                  type="button"
                  className="button small primary"
                  disabled={run.isPending || index === ''}
                  onClick={start}
                >
                  <Icon name="play" size={13} /> {texts.profile}
                </button>
              </div>
              <CodeEditor
                label={texts.search}
                value={text}
                spans={spans}
                onChange={setText}
                onCommand={event => {
                  if (event.key !== 'Enter') return false
                  start()
                  return true
                }}
              />
            </section>
          }
          right={
            <section className={styles.pane} aria-label={texts.profile} aria-busy={run.isPending}>
              {run.error ? (
                <Failure error={run.error} title={texts.theSearchFailed} onRetry={start} />
              ) : !run.data ? (
                <p className={styles.hint}>{texts.eachClauseAndAggregation}</p>
              ) : (
                <div className={styles.result}>
                  <p className={styles.took} role="status">
                    {texts.tookMsOverShards(run.data.tookMillis, run.data.shards.length)}
                  </p>
                  {run.data.shards.map(shard => (
                    <section key={shard.name} aria-label={shard.name}>
                      <h2>{shard.name}</h2>
                      <Tree
                        nodes={shard.nodes}
                        whole={Math.max(1, ...shard.nodes.map(n => n.nanos))}
                        depth={0}
                      />
                    </section>
                  ))}
                </div>
              )}
            </section>
          }
        />
      </main>
    </div>
  )
}

function Tree({ nodes, whole, depth }: { nodes: ProfileNode[]; whole: number; depth: number }) {
  return (
    <ul className={styles.tree}>
      {nodes.map((node, i) => (
        <li key={`${i + 1} ${node.type}`}>
          <div className={styles.node} style={{ paddingLeft: depth * 16 }}>
            <span className={styles.what} title={node.description}>
              <b>{node.type}</b> {node.description}
            </span>
            <span className={styles.share} aria-hidden="true">
              <span style={{ width: `${Math.min(100, (100 * node.nanos) / whole)}%` }} />
            </span>
            <span className={styles.time}>{formatMeasure(node.nanos / 1e6)} ms</span>
          </div>
          {node.children.length > 0 && <Tree nodes={node.children} whole={whole} depth={depth + 1} />}
        </li>
      ))}
    </ul>
  )
}
