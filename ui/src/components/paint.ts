// What the browser has drawn of an element, drawn again on a canvas: grounds and edges, pictures, canvases, SVGs and texts where they stand.

/** Twice as sharp as the screen, for slides. */
export const SCALE = 2

/** What is for those who cannot see is no part of a picture. */
const UNSEEN = '[class*="visually-hidden"]'

export const seen = (colour: string): boolean => !/^(transparent|rgba\(.*, 0\)|.*\/ 0\))$/.test(colour)

/** An element, what lies in it, and its texts, in the order in which the browser draws them; without what matches `leaveOut`. */
export async function paint(element: Element, pen: CanvasRenderingContext2D, leaveOut: string, opacity = 1) {
  if (element.matches(`${UNSEEN}, ${leaveOut}`)) return
  const style = getComputedStyle(element)
  const box = element.getBoundingClientRect()
  if (style.visibility === 'hidden' || style.display === 'none') return
  const own = opacity * Number(style.opacity)
  pen.save()
  pen.globalAlpha = own
  if (element instanceof HTMLElement) drawBox(pen, box, style)
  if (style.overflow !== 'visible' && !(element instanceof SVGElement)) {
    pen.beginPath()
    pen.roundRect(box.left, box.top, box.width, box.height, Number.parseFloat(style.borderRadius) || 0)
    pen.clip()
  }
  if (element instanceof HTMLCanvasElement) pen.drawImage(element, box.left, box.top, box.width, box.height)
  else if (element instanceof HTMLImageElement) drawImage(pen, element, box, style.objectFit)
  else if (element instanceof SVGElement) {
    const image = await imageOf(element, box)
    if (image && box.width > 0) pen.drawImage(image, box.left, box.top, box.width, box.height)
    drawTextsOf(element, pen)
  } else
    for (const child of element.childNodes) {
      if (child instanceof Element) await paint(child, pen, leaveOut, own)
      else if (child.textContent?.trim()) drawText(pen, child, style)
    }
  pen.restore()
}

function drawBox(pen: CanvasRenderingContext2D, box: DOMRect, style: CSSStyleDeclaration) {
  const radius = Number.parseFloat(style.borderRadius) || 0
  if (seen(style.backgroundColor)) {
    pen.fillStyle = style.backgroundColor
    pen.beginPath()
    pen.roundRect(box.left, box.top, box.width, box.height, radius)
    pen.fill()
  }
  const top = edgeOf(style.borderTopWidth, style.borderTopColor)
  const right = edgeOf(style.borderRightWidth, style.borderRightColor)
  const bottom = edgeOf(style.borderBottomWidth, style.borderBottomColor)
  const left = edgeOf(style.borderLeftWidth, style.borderLeftColor)
  const alike = [right, bottom, left].every(e => e.width === top.width && e.colour === top.colour)
  if (top.width > 0 && alike) {
    pen.strokeStyle = top.colour
    pen.lineWidth = top.width
    pen.setLineDash(
      style.borderTopStyle === 'dashed'
        ? [top.width * 3, top.width * 2]
        : style.borderTopStyle === 'dotted'
          ? [top.width, top.width]
          : [],
    )
    pen.beginPath()
    pen.roundRect(
      box.left + top.width / 2,
      box.top + top.width / 2,
      box.width - top.width,
      box.height - top.width,
      Math.max(0, radius - top.width / 2),
    )
    pen.stroke()
    return
  }
  const side = ({ colour }: Edge, x: number, y: number, width: number, height: number) => {
    pen.fillStyle = colour
    pen.fillRect(x, y, width, height)
  }
  side(top, box.left, box.top, box.width, top.width)
  side(bottom, box.left, box.bottom - bottom.width, box.width, bottom.width)
  side(left, box.left, box.top, left.width, box.height)
  side(right, box.right - right.width, box.top, right.width, box.height)
}

/** One side of a box: how wide its edge is, 0 for one that is not seen. */
interface Edge {
  width: number
  colour: string
}

const edgeOf = (width: string, colour: string): Edge => ({
  width: seen(colour) ? Number.parseFloat(width) : 0,
  colour,
})

function drawImage(pen: CanvasRenderingContext2D, image: HTMLImageElement, box: DOMRect, fit: string) {
  const { naturalWidth: w, naturalHeight: h } = image
  if (w === 0 || h === 0) return
  const by =
    fit === 'cover' ? Math.max(box.width / w, box.height / h) : Math.min(box.width / w, box.height / h)
  const [width, height] = fit === 'fill' ? [box.width, box.height] : [w * by, h * by]
  pen.beginPath()
  pen.rect(box.left, box.top, box.width, box.height)
  pen.clip()
  pen.drawImage(image, box.left + (box.width - width) / 2, box.top + (box.height - height) / 2, width, height)
}

/** A text as it is broken into lines. */
function drawText(pen: CanvasRenderingContext2D, node: Node, style: CSSStyleDeclaration) {
  pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
  pen.fillStyle = style.color
  pen.textBaseline = 'middle'
  pen.letterSpacing = style.letterSpacing === 'normal' ? '0px' : style.letterSpacing
  const range = document.createRange()
  const text = node.textContent ?? ''
  const lines: { text: string; at: DOMRect }[] = []
  for (const { 0: word, index } of text.matchAll(/\S+\s*/g)) {
    range.setStart(node, index)
    range.setEnd(node, index + word.trimEnd().length)
    const at = range.getBoundingClientRect()
    const last = lines.at(-1)
    if (last && Math.abs(last.at.top - at.top) < 1) last.text += word
    else lines.push({ text: word, at })
  }
  // A canvas has no digits of one width: columns of numbers keep their edge if they are written from it.
  const fromRight = style.textAlign === 'right' || style.textAlign === 'end'
  pen.textAlign = fromRight ? 'right' : 'left'
  for (const line of lines)
    pen.fillText(
      line.text.trimEnd(),
      fromRight ? line.at.right : line.at.left,
      line.at.top + line.at.height / 2,
    )
}

/** The texts of an SVG, which as a picture of its own would not have the page's fonts. */
function drawTextsOf(svg: SVGElement, pen: CanvasRenderingContext2D) {
  for (const element of svg.querySelectorAll('text')) {
    const style = getComputedStyle(element)
    const text = element.textContent?.trim() ?? ''
    const to = element.getScreenCTM()
    if (text === '' || to === null || style.visibility === 'hidden' || element.getNumberOfChars() === 0)
      continue
    const [first, last] = [
      element.getStartPositionOfChar(0),
      element.getEndPositionOfChar(element.getNumberOfChars() - 1),
    ]
    const middle = style.textAnchor === 'middle'
    const x = middle ? (first.x + last.x) / 2 : style.textAnchor === 'end' ? last.x : first.x
    pen.save()
    pen.transform(to.a, to.b, to.c, to.d, to.e, to.f)
    pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
    pen.fillStyle = style.fill
    pen.globalAlpha *= Number(style.opacity)
    pen.textAlign = middle ? 'center' : style.textAnchor === 'end' ? 'end' : 'start'
    pen.fillText(text, x, first.y)
    pen.restore()
  }
}

const STYLES = [
  'fill',
  'stroke',
  'stroke-width',
  'opacity',
  'font',
  'text-anchor',
  'stroke-dasharray',
  'color',
] as const

/** An SVG with the styles that the page gives it, which a picture of it alone would not have. */
async function imageOf(svg: SVGElement, box: DOMRect): Promise<HTMLImageElement | null> {
  const copy = svg.cloneNode(true) as SVGElement
  const copies = copy.querySelectorAll('*')
  for (const [i, element] of [...svg.querySelectorAll('*')].entries()) {
    const style = getComputedStyle(element)
    for (const name of STYLES) copies[i]?.setAttribute(name, style.getPropertyValue(name))
  }
  for (const text of copy.querySelectorAll('text')) text.remove()
  if (!copy.hasAttribute('viewBox')) copy.setAttribute('viewBox', `0 0 ${box.width} ${box.height}`)
  copy.setAttribute('width', String(box.width * SCALE))
  copy.setAttribute('height', String(box.height * SCALE))
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
