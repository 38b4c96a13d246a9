import { useEffect } from 'react'
import type { Inputs } from '../../api/client'
import { CopyButton } from '../../components/CopyButton'
import styles from './FirstEvents.module.css'
import { useInputs } from './queries'

interface Way {
  title: string
  text: string
  code: string
}

/** What to copy; the ways over the network only where the server listens for them. */
function waysIn(inputs: Inputs): Way[] {
  const ways: Way[] = [
    {
      title: 'A file',
      text: 'Follow one or more files; new lines appear as they are written.',
      code: `elkhorn up app.log 'logs/**/*.log'`,
    },
  ]
  if (inputs.http) {
    ways.push({
      title: 'One event over HTTP',
      text: 'Any JSON object is an event.',
      code: `curl http://${inputs.http} \\\n  -H 'Content-Type: application/json' \\\n  -d '{"level":"info","message":"hello"}'`,
    })
  } else {
    ways.push({
      title: 'One event over the Elasticsearch API',
      text: 'Any JSON object is an event.',
      code: `curl http://${location.host}/es/logs-app/_doc \\\n  -H 'Content-Type: application/json' \\\n  -d '{"@timestamp":"${new Date().toISOString()}","level":"info","message":"hello"}'`,
    })
  }
  if (inputs.beats) {
    ways.push({
      title: 'A program, or Filebeat',
      text: 'Pipe what a program prints, or point Filebeat’s output here.',
      code: `my-app | elkhorn ship - --to ${inputs.beats}\n\n# filebeat.yml\noutput.logstash:\n  hosts: ["${inputs.beats}"]`,
    })
  }
  return ways
}

/** The first screen of an empty installation: the ways to send something, until it comes and `onLeave` is called. */
export function FirstEvents({ onLeave }: { onLeave: () => void }) {
  useEffect(() => onLeave, [onLeave])
  const ways = waysIn(useInputs().data ?? {})
  return (
    <main className={styles.first}>
      <div className={styles.inner}>
        <h1>Send the first event</h1>
        <p className={styles.lead}>Take whichever is nearest. Nothing has to be configured.</p>
        <ol className={styles.ways}>
          {ways.map(way => (
            <li key={way.title}>
              <h2>{way.title}</h2>
              <p>{way.text}</p>
              <div className={styles.code}>
                <pre>{way.code}</pre>
                <CopyButton label="Copy" text={() => way.code} />
              </div>
            </li>
          ))}
        </ol>
        <p className={styles.waiting} role="status">
          <span className={styles.pulse} />
          Waiting for the first event…
        </p>
        <p className={styles.demo}>
          Just looking? <code>elkhorn up --demo</code> writes a live, made-up workload of a ChatGPT app.
        </p>
      </div>
    </main>
  )
}
