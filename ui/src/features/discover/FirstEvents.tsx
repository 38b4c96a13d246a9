import { useEffect } from 'react'
import { CopyButton } from '../../components/CopyButton'
import styles from './FirstEvents.module.css'

/** Where pipelines listen when no configuration says otherwise. */
const HTTP_PORT = 8080
const BEATS_PORT = 5044

/** The first screen of an empty installation: three ways to send something, until it comes and `onLeave` is called. */
export function FirstEvents({ onLeave }: { onLeave: () => void }) {
  useEffect(() => onLeave, [onLeave])
  const host = location.hostname || '127.0.0.1'
  const ways = [
    {
      title: 'A file',
      text: 'Follow one or more files; new lines appear as they are written.',
      code: `elkhorn up app.log 'logs/**/*.log'`,
    },
    {
      title: 'One event over HTTP',
      text: 'Any JSON object is an event.',
      code: `curl http://${host}:${HTTP_PORT} \\\n  -H 'Content-Type: application/json' \\\n  -d '{"level":"info","message":"hello"}'`,
    },
    {
      title: 'A program, or Filebeat',
      text: 'Pipe what a program prints, or point Filebeat’s output here.',
      code: `my-app | elkhorn ship -\n\n# filebeat.yml\noutput.logstash:\n  hosts: ["${host}:${BEATS_PORT}"]`,
    },
  ]
  return (
    <main className={styles.first}>
      <div className={styles.inner}>
        <h1>Send the first event</h1>
        <p className={styles.lead}>Three ways, whichever is nearest. Nothing has to be configured.</p>
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
