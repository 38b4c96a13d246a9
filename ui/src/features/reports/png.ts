// A page as a picture: element by element, from the lowest layer to the topmost, each turned as it is.

import { paint, SCALE } from '../../components/paint'
import { saveBlob } from '../../components/save'
import type { Page, Workpad } from '../../lib/canvas/model'

/** What is there to press is no part of a picture. */
const PRESSED = '[role="note"], [data-hold], [data-controls]'

export async function savePng(sheet: Element, page: Page, workpad: Workpad, name: string) {
  const blob = await picture(sheet, page, workpad)
  if (blob) saveBlob(name, blob)
}

async function picture(sheet: Element, page: Page, { width, height }: Workpad): Promise<Blob | null> {
  const ground = sheet.firstElementChild
  const canvas = document.createElement('canvas')
  canvas.width = width * SCALE
  canvas.height = height * SCALE
  const pen = canvas.getContext('2d')
  if (!(ground instanceof HTMLElement) || !pen) return null
  // Measured in the page's own pixels, whatever the zoom.
  const before = ground.style.transform
  ground.style.transform = 'none'
  try {
    pen.scale(SCALE, SCALE)
    pen.fillStyle = getComputedStyle(ground).backgroundColor
    pen.fillRect(0, 0, width, height)
    for (const { id, place } of page.elements) {
      const element = ground.querySelector<HTMLElement>(`[data-element="${CSS.escape(id)}"]`)
      if (!element) continue
      const turned = element.style.transform
      element.style.transform = 'none'
      const box = element.getBoundingClientRect()
      pen.save()
      pen.translate(place.left + place.width / 2, place.top + place.height / 2)
      pen.rotate((place.angle * Math.PI) / 180)
      pen.translate(-place.width / 2 - box.left, -place.height / 2 - box.top)
      await paint(element, pen, PRESSED)
      pen.restore()
      element.style.transform = turned
    }
  } finally {
    ground.style.transform = before
  }
  return new Promise(resolve => canvas.toBlob(resolve, 'image/png'))
}
