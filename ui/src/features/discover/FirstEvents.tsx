import { useEffect } from 'react'
import type { Inputs } from '../../api/client'
import { CopyButton } from '../../components/CopyButton'
import { texts } from '../../texts/discover'
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
      title: texts.aFile,
      text: texts.followOneOrMoreFiles,
      code: `elkhorn up app.log 'logs/**/*.log'`,
    },
  ]
  if (inputs.http) {
    ways.push({
      title: texts.oneEventOverHttp,
      text: texts.anyJsonObject,
      code: `curl http://${inputs.http} \\\n  -H 'Content-Type: application/json' \\\n  -d '{"level":"info","message":"hello"}'`,
    })
  } else {
    ways.push({
      title: texts.oneEventOver,
      text: texts.anyJsonObject,
      code: `curl http://${location.host}/es/logs-app/_doc \\\n  -H 'Content-Type: application/json' \\\n  -d '{"@timestamp":"${new Date().toISOString()}","level":"info","message":"hello"}'`,
    })
  }
  if (inputs.beats) {
    ways.push({
      title: texts.aProgramOrFilebeat,
      text: texts.pipeWhatAProgramPrints,
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
        <h1>{texts.sendTheFirstEvent}</h1>
        <p className={styles.lead}>{texts.takeWhicheverIsNearest}</p>
        <ol className={styles.ways}>
          {ways.map(way => (
            <li key={way.title}>
              <h2>{way.title}</h2>
              <p>{way.text}</p>
              <div className={styles.code}>
                <pre>{way.code}</pre>
                <CopyButton label={texts.copy} text={() => way.code} />
              </div>
            </li>
          ))}
        </ol>
        <p className={styles.waiting} role="status">
          <span className={styles.pulse} />
          {texts.waitingForTheFirstEvent}
        </p>
        <p className={styles.demo}>
          {texts.justLooking} <code>elkhorn up --demo</code> {texts.writesALiveMadeUp}
        </p>
      </div>
    </main>
  )
}
