import { type RefObject, useState } from 'react'
import { exportObjects } from '../../api/saved'
import { Icon } from '../../components/Icon'
import { Menu } from '../../components/Menu'
import { Popover } from '../../components/Popover'
import { saveText } from '../../components/save'
import type { Page } from '../../lib/canvas/model'
import { texts } from '../../texts/reports'
import { savePng } from './png'
import { WORKPAD } from './queries'
import { NEW, type Report } from './useReport'

interface Props {
  id: string
  report: Report
  page: Page
  number: number
  room: RefObject<HTMLElement | null>
  onFault: (text: string) => void
}

/** On paper, as a picture, as a file, as a link. */
export function ShareMenu({ id, report, page, number, room, onFault }: Props) {
  const [open, setOpen] = useState(false)
  const act = (work: () => Promise<unknown> | unknown) => () => {
    setOpen(false)
    Promise.resolve(work()).catch((error: unknown) =>
      onFault(error instanceof Error ? error.message : String(error)),
    )
  }
  const saved = id !== NEW
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={texts.share}
      align="end"
      trigger={
        <button
          type="button"
          className="button quiet small"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon name="download" size={13} /> {texts.share}
        </button>
      }
    >
      <Menu
        label={texts.share}
        items={[
          { key: 'print', label: texts.printOrSaveAsPdf, onSelect: act(() => print()) },
          {
            key: 'png',
            label: texts.thisPageAsPng,
            onSelect: act(() => {
              const sheet = room.current?.querySelector(`[data-page="${number}"]`)
              const name = `${report.workpad.name || 'report'} ${number}.png`
              return sheet ? savePng(sheet, page, report.workpad, name) : undefined
            }),
          },
          ...(saved
            ? [
                {
                  key: 'export',
                  label: texts.exportAsNdjson,
                  onSelect: act(async () =>
                    saveText(
                      `${report.workpad.name || id}.ndjson`,
                      'application/ndjson',
                      await exportObjects([{ type: WORKPAD, id }]),
                    ),
                  ),
                },
              ]
            : []),
          {
            key: 'link',
            label: texts.copyTheLink,
            onSelect: act(() => navigator.clipboard.writeText(location.href)),
          },
        ]}
      />
    </Popover>
  )
}
