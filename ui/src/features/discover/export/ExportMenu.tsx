import { useState } from 'react'
import { Icon } from '../../../components/Icon'
import { Popover } from '../../../components/Popover'
import { formatBytes } from '../../../lib/bytes'
import type { Format } from '../../../lib/export'
import { formatCount, formatShare } from '../../../lib/numbers'
import { texts } from '../../../texts/discover'
import type { Discover } from '../useDiscover'
import styles from './ExportMenu.module.css'
import { type Progress, useExport } from './useExport'

/** Writes everything that was found to a file, with how far it is and a way to stop it. */
export function ExportMenu({ discover }: { discover: Discover }) {
  const { subject, range, columns, overviewData } = discover
  const { progress, start, cancel } = useExport()
  const [open, setOpen] = useState(false)
  // What is being written is the search that it began with.
  const [total, setTotal] = useState(0)
  const running = progress?.phase === 'running'
  const begin = (format: Format) => {
    if (!subject || !range) return
    setTotal(overviewData?.total ?? 0)
    void start(subject, range, columns, format)
  }
  const trigger = (
    <button
      type="button"
      className="button quiet small"
      aria-expanded={open}
      aria-haspopup="dialog"
      title={texts.exportEverythingFound}
      onClick={() => setOpen(!open)}
    >
      <Icon name="download" size={13} />
      {running ? texts.exportingShare(formatShare(progress.written, total)) : texts.exportWord}
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={texts.export} align="end">
      <div className={styles.panel}>
        {running ? (
          <>
            <progress aria-label={texts.exported} max={Math.max(1, total)} value={progress.written} />
            <Said progress={progress} total={total} />
            <button type="button" className="button outlined" onClick={cancel}>
              {texts.cancel}
            </button>
          </>
        ) : (
          <>
            <p>{texts.allEventsOfThisSearch(formatCount(overviewData?.total ?? 0))}</p>
            <div className={styles.ways}>
              <button
                type="button"
                className="button primary"
                disabled={!subject}
                onClick={() => begin('csv')}
              >
                CSV
              </button>
              <button
                type="button"
                className="button outlined"
                disabled={!subject}
                onClick={() => begin('ndjson')}
              >
                NDJSON
              </button>
            </div>
            <p className={styles.quiet}>{texts.csvHasTheColumns}</p>
            {progress && <Said progress={progress} total={total} />}
          </>
        )}
      </div>
    </Popover>
  )
}

function Said({ progress, total }: { progress: Progress; total: number }) {
  const { phase, written, bytes, reason } = progress
  const amount = texts.amount(formatCount(written), formatBytes(bytes))
  const text = {
    running: texts.amountOf(formatCount(written), formatCount(total), formatBytes(bytes)),
    done: texts.done(amount),
    cancelled: texts.cancelledAfterEvents(formatCount(written)),
    failed: texts.stoppedAfterEvents(formatCount(written), reason),
  }[phase]
  return (
    <p role="status" data-phase={phase}>
      {text}
    </p>
  )
}
