// A panel as a picture, on the ground that it is seen on.

import { paint, SCALE, seen } from './paint'
import { saveBlob } from './save'

/** What is there to press is no part of a picture. */
const PRESSED = 'header button, header [aria-hidden="true"], [role="dialog"], [data-controls]'

export async function savePicture(panel: HTMLElement, name: string) {
  const box = panel.getBoundingClientRect()
  const canvas = document.createElement('canvas')
  canvas.width = Math.ceil(box.width * SCALE)
  canvas.height = Math.ceil(box.height * SCALE)
  const pen = canvas.getContext('2d')
  if (!pen) return
  pen.scale(SCALE, SCALE)
  pen.fillStyle = groundOf(panel)
  pen.fillRect(0, 0, box.width, box.height)
  pen.translate(-box.left, -box.top)
  await paint(panel, pen, PRESSED)
  canvas.toBlob(blob => blob && saveBlob(name, blob), 'image/png')
}

/** The colour that is seen behind the panel, which may be that of what it lies in. */
function groundOf(panel: HTMLElement): string {
  for (let at: HTMLElement | null = panel; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at)
    if (seen(backgroundColor)) return backgroundColor
  }
  return getComputedStyle(document.documentElement).getPropertyValue('--ground')
}
