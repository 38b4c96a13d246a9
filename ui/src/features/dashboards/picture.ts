// A panel as a picture: what it has drawn (canvas and SVG), and its texts, on its own ground.

import { saveBlob } from './save'

/** Twice as sharp as the screen, for slides. */
const SCALE = 2

export async function savePicture(panel: HTMLElement, name: string) {
  const box = panel.getBoundingClientRect()
  const canvas = document.createElement('canvas')
  canvas.width = Math.ceil(box.width * SCALE)
  canvas.height = Math.ceil(box.height * SCALE)
  const pen = canvas.getContext('2d')
  if (!pen) return
  pen.scale(SCALE, SCALE)
  pen.fillStyle = getComputedStyle(panel).backgroundColor
  pen.fillRect(0, 0, box.width, box.height)
  for (const drawn of panel.querySelectorAll('canvas, svg')) {
    if (drawn.closest('button, [class*="visually-hidden"]')) continue
    const at = drawn.getBoundingClientRect()
    const image = drawn instanceof HTMLCanvasElement ? drawn : await pictureOf(drawn as SVGElement)
    if (image && at.width > 0) pen.drawImage(image, at.left - box.left, at.top - box.top, at.width, at.height)
  }
  drawTexts(panel, box, pen)
  canvas.toBlob(blob => blob && saveBlob(name, blob), 'image/png')
}

/** Every text where it stands, in its own face and colour. */
function drawTexts(panel: HTMLElement, box: DOMRect, pen: CanvasRenderingContext2D) {
  const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? ''
    const parent = node.parentElement
    if (text === '' || !parent || parent.closest('svg, button[aria-label], [class*="visually-hidden"]'))
      continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const at = range.getBoundingClientRect()
    const clip = clipOf(parent, panel)
    if (at.width === 0 || at.bottom < clip.top || at.top > clip.bottom) continue
    const style = getComputedStyle(parent)
    pen.save()
    pen.beginPath()
    pen.rect(clip.left - box.left, clip.top - box.top, clip.width, clip.height)
    pen.clip()
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
    pen.fillStyle = style.color
    pen.textBaseline = 'middle'
    pen.fillText(text, at.left - box.left, at.top - box.top + at.height / 2)
    pen.restore()
  }
}

/** The part of the panel that an element can be seen in. */
function clipOf(element: HTMLElement, panel: HTMLElement): DOMRect {
  for (let at: HTMLElement | null = element; at && at !== panel; at = at.parentElement)
    if (getComputedStyle(at).overflow !== 'visible') return at.getBoundingClientRect()
  return panel.getBoundingClientRect()
}

/** An SVG with the styles that the page gives it, which a picture of it alone would not have. */
async function pictureOf(svg: SVGElement): Promise<HTMLImageElement | null> {
  const copy = svg.cloneNode(true) as SVGElement
  const [from, to] = [svg.querySelectorAll('*'), copy.querySelectorAll('*')]
  for (const [i, element] of [...from].entries()) {
    const style = getComputedStyle(element)
    for (const name of [
      'fill',
      'stroke',
      'stroke-width',
      'opacity',
      'font',
      'text-anchor',
      'stroke-dasharray',
    ])
      to[i]?.setAttribute(name, style.getPropertyValue(name))
  }
  const { width, height } = svg.getBoundingClientRect()
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  const url = URL.createObjectURL(
    new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }),
  )
  const image = new Image()
  image.src = url
  try {
    await image.decode()
    return image
  } catch {
    return null
  } finally {
    URL.revokeObjectURL(url)
  }
}
