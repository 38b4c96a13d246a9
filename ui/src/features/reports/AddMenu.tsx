import { useState } from 'react'
import { Icon } from '../../components/Icon'
import { Menu } from '../../components/Menu'
import { Popover } from '../../components/Popover'
import { call, printExpression } from '../../lib/canvas/expression'
import { IMAGE_TYPES, MAX_IMAGE_BYTES } from '../../lib/canvas/image'
import { type Element, newElement, newId, type Workpad } from '../../lib/canvas/model'
import { texts } from '../../texts/reports'
import { KINDS, type Kind } from './kinds'
import { LibraryDialog } from './LibraryDialog'
import { useViews } from './queries'
import type { Report } from './useReport'
import type { Selection } from './useSelection'

interface Props {
  report: Report
  selection: Selection
  open: boolean
  onOpenChange: (open: boolean) => void
  onFault: (text: string) => void
}

/** Everything that can be put on a page. */
export function AddMenu({ report, selection, open, onOpenChange, onFault }: Props) {
  const [library, setLibrary] = useState(false)
  const views = useViews()
  const { workpad } = report
  const add = (kind: Kind) => {
    onOpenChange(false)
    const index = views.data?.standard?.title ?? '*'
    selection.add([newElement(kind.expression(index), inMiddle(workpad, kind))])
  }
  const upload = async (file: File | undefined) => {
    onOpenChange(false)
    if (!file) return
    if (!IMAGE_TYPES.some(type => type === file.type)) return onFault(texts.isNoImageThatCan(file.name))
    if (file.size > MAX_IMAGE_BYTES) return onFault(texts.isLargerThanKB(file.name, MAX_IMAGE_BYTES / 1000))
    const value = await dataUrl(file)
    const asset = { id: newId('asset'), value, kept: { type: 'dataurl' } }
    const source = { calls: [call('asset', { _: asset.id })] }
    const element = newElement(
      printExpression({
        calls: [call('image', { dataurl: unnamed(source), mode: 'contain' }), call('render')],
      }),
      inMiddle(workpad, { width: 240, height: 160 }),
    )
    report.edit(w => ({ ...w, assets: [...w.assets, asset] }), element.id)
    selection.add([element])
  }
  return (
    <>
      <Popover
        open={open}
        onOpenChange={onOpenChange}
        label={texts.add}
        align="end"
        trigger={
          <button
            type="button"
            className="button outlined small"
            aria-expanded={open}
            onClick={() => onOpenChange(!open)}
          >
            <Icon name="plus" size={13} /> {texts.add}
          </button>
        }
      >
        <Menu
          label={texts.add}
          items={[
            ...KINDS.map(kind => ({ key: kind.id, label: kind.label, onSelect: () => add(kind) })),
            { key: 'image', label: texts.imageAsking, onSelect: () => chooseFile(upload) },
            {
              key: 'library',
              label: texts.savedChartAsking,
              onSelect: () => {
                onOpenChange(false)
                setLibrary(true)
              },
            },
          ]}
        />
      </Popover>
      {library && (
        <LibraryDialog
          onChoose={expression => {
            setLibrary(false)
            selection.add([newElement(expression, inMiddle(workpad, { width: 480, height: 280 }))])
          }}
          onClose={() => setLibrary(false)}
        />
      )}
    </>
  )
}

const unnamed = (of: { calls: { args: { name: string | null }[] }[] }) => {
  for (const { args } of of.calls) for (const arg of args) arg.name = null
  return of as Parameters<typeof printExpression>[0]
}

function inMiddle({ width, height }: Workpad, size: { width: number; height: number }): Element['place'] {
  const [w, h] = [Math.min(size.width, width), Math.min(size.height, height)]
  return {
    left: Math.round((width - w) / 2),
    top: Math.round((height - h) / 2),
    width: w,
    height: h,
    angle: 0,
  }
}

function chooseFile(onFile: (file: File | undefined) => void) {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = IMAGE_TYPES.join(',')
  input.onchange = () => onFile(input.files?.[0])
  input.click()
}

const dataUrl = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error(texts.theFileCannotBeRead))
    reader.readAsDataURL(file)
  })
