// A panel as a picture: its boxes, what it has drawn (canvas and SVG), and its texts, on its own ground.

import { saveBlob } from './save'

/** Twice as sharp as the screen, for slides. */
const SCALE = 2

/** What is there to press, or for those who cannot see, is no part of a picture. */
const UNSEEN = 'header button, header [aria-hidden="true"], [class*="visually-hidden"], [role="dialog"]'

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
  drawBoxes(panel, pen)
  for (const drawn of panel.querySelectorAll('canvas, svg')) {
    if (drawn.closest(UNSEEN)) continue
    const at = drawn.getBoundingClientRect()
    const image = drawn instanceof HTMLCanvasElement ? drawn : await pictureOf(drawn as SVGElement)
    if (image && at.width > 0) pen.drawImage(image, at.left, at.top, at.width, at.height)
  }
  drawTexts(panel, pen)
  canvas.toBlob(blob => blob && saveBlob(name, blob), 'image/png')
}

const seen = (colour: string): boolean => !/^(transparent|rgba\(.*, 0\)|.*\/ 0\))$/.test(colour)

/** The colour that is seen behind the panel, which may be that of what it lies in. */
function groundOf(panel: HTMLElement): string {
  for (let at: HTMLElement | null = panel; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at)
    if (seen(backgroundColor)) return backgroundColor
  }
  return getComputedStyle(document.documentElement).getPropertyValue('--ground')
}

/** Grounds and lower edges: cells of a heat map, rows of a table, colours of a legend. */
function drawBoxes(panel: HTMLElement, pen: CanvasRenderingContext2D) {
  for (const element of panel.querySelectorAll<HTMLElement>('*')) {
    if (!(element instanceof HTMLElement) || element.closest(UNSEEN)) continue
    const style = getComputedStyle(element)
    const at = element.getBoundingClientRect()
    const edge = Number.parseFloat(style.borderBottomWidth)
    const filled = seen(style.backgroundColor)
    if (at.width === 0 || at.height === 0 || (!filled && edge === 0)) continue
    pen.save()
    clip(pen, clipOf(element.parentElement ?? element, panel))
    pen.globalAlpha = Number(style.opacity)
    if (filled) {
      pen.fillStyle = style.backgroundColor
      pen.beginPath()
      pen.roundRect(at.left, at.top, at.width, at.height, Number.parseFloat(style.borderRadius) || 0)
      pen.fill()
    }
    if (edge > 0 && seen(style.borderBottomColor)) {
      pen.fillStyle = style.borderBottomColor
      pen.fillRect(at.left, at.bottom - edge, at.width, edge)
    }
    pen.restore()
  }
}

/** Every line of every text where it stands, in its own face and colour. */
function drawTexts(panel: HTMLElement, pen: CanvasRenderingContext2D) {
  const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement
    if (!node.textContent?.trim() || !parent || parent.closest(`svg, ${UNSEEN}`)) continue
    const style = getComputedStyle(parent)
    const shown = clipOf(parent, panel)
    if (style.visibility === 'hidden') continue
    for (const line of linesOf(node)) {
      if (line.at.bottom < shown.top || line.at.top > shown.bottom) continue
      pen.save()
      clip(pen, shown)
      pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
      pen.fillStyle = style.color
      pen.textBaseline = 'middle'
      pen.fillText(line.text, line.at.left, line.at.top + line.at.height / 2)
      pen.restore()
    }
  }
}

/** A text as it is broken into lines. */
function linesOf(node: Node): { text: string; at: DOMRect }[] {
  const range = document.createRange()
  range.selectNodeContents(node)
  const text = node.textContent ?? ''
  const whole = range.getBoundingClientRect()
  if (whole.width === 0) return []
  if (range.getClientRects().length === 1) return [{ text: text.trim(), at: whole }]
  const lines: { text: string; at: DOMRect }[] = []
  for (const { 0: word, index } of text.matchAll(/\S+\s*/g)) {
    range.setStart(node, index)
    range.setEnd(node, index + word.trimEnd().length)
    const at = range.getBoundingClientRect()
    const last = lines.at(-1)
    if (last && Math.abs(last.at.top - at.top) < 1) last.text += word
    else lines.push({ text: word, at })
  }
  return lines
}

function clip(pen: CanvasRenderingContext2D, to: DOMRect) {
  pen.beginPath()
  pen.rect(to.left, to.top, to.width, to.height)
  pen.clip()
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
