import { describe, expect, it } from 'vitest'
import { isComputed, readArg, withArg } from './change'
import { addPage, copiesOf, moveLayer, movePage, removePage } from './edit'
import { parseExpression, printExpression } from './expression'
import { aligned, boundsOf, distributed, resized, snapMove, snapResize } from './geometry'
import { begin, changed, redone, undone } from './history'
import { LIMITS, newElement, newPage, newWorkpad, type Place, type Workpad } from './model'
import { readWorkpad } from './read'
import { writeWorkpad } from './write'

const place = (left: number, top: number, width: number, height: number, angle = 0): Place => ({
  left,
  top,
  width,
  height,
  angle,
})

const KIBANA = {
  attributes: {
    name: 'Sales',
    width: 1080,
    height: 720,
    colors: ['#37988d', 'url(x)'],
    css: '.canvasPage {\n\n}',
    page: 0,
    assets: {
      logo: { id: 'logo', '@created': 'x', type: 'dataurl', value: 'data:image/svg+xml;base64,PHN2Zy8+' },
    },
    variables: [{ name: 'team', type: 'string', value: 'search' }],
    pages: [
      {
        id: 'page-1',
        style: { background: '#FFF' },
        transition: { name: 'fade' },
        groups: [],
        elements: [
          {
            id: 'element-1',
            position: { left: 20.5, top: 20, width: 500, height: 300, angle: 15, parent: 'group-1' },
            expression: 'savedVisualization id="savedVisualization.id" | render',
          },
          {
            id: 'element-2',
            position: { left: 0, top: 0, width: 10, height: 10, angle: 0, parent: null },
            expression: 'timefilterControl column="@timestamp" | render',
            filter: 'timefilter from="now-14d" to=now column=@timestamp',
          },
        ],
      },
    ],
    isWriteable: true,
    unknown: { kept: true },
  },
  references: [{ name: 'element-1:l0_savedVisualization.id', type: 'visualization', id: 'abc' }],
}

describe('a workpad', () => {
  it('of Kibana is read, and written so that Kibana reads it', () => {
    const workpad = readWorkpad(KIBANA)
    expect(workpad.range).toEqual({ from: 'now-14d', to: 'now' })
    expect(workpad.colors).toEqual(['#37988d'])
    expect(workpad.pages[0]?.elements[0]).toMatchObject({
      place: place(20.5, 20, 500, 300, 15),
      expression: 'savedVisualization id="abc"\n| render',
    })
    const { attributes, references } = writeWorkpad(workpad)
    expect(references).toEqual([
      { name: 'element-1:savedVisualization.id', type: 'visualization', id: 'abc' },
    ])
    expect(attributes).toMatchObject({
      name: 'Sales',
      unknown: { kept: true },
      pages: [
        {
          id: 'page-1',
          transition: { name: 'fade' },
          elements: [
            {
              position: { left: 20.5, angle: 15, parent: 'group-1' },
              expression: 'savedVisualization id="savedVisualization.id"\n| render',
            },
            { filter: 'timefilter from="now-14d" to=now column=@timestamp' },
          ],
        },
      ],
      assets: { logo: { type: 'dataurl', value: 'data:image/svg+xml;base64,PHN2Zy8+' } },
    })
    const again = readWorkpad({ attributes, references })
    expect(again).toEqual({ ...workpad, kept: { attributes: again.kept.attributes, references: [] } })
  })
  it.each([
    ['nothing', {}],
    [
      'texts for everything',
      { width: 'x', height: '-5', pages: 'p', assets: 'a', colors: 'c', variables: 'v' },
    ],
    [
      'endless numbers and foreign names',
      {
        width: 1e99,
        pages: [
          null,
          {
            id: '__proto__',
            style: { background: 'url(//evil)' },
            elements: [
              { id: '__proto__', position: { left: 1e99, width: -1, angle: 'x' }, expression: 5 },
              { id: '__proto__' },
            ],
          },
        ],
        assets: { x: { value: 'https://evil' }, y: { value: 'data:text/html,<script>' } },
      },
    ],
  ])('of any hand is a workpad: %s', (_, attributes) => {
    const workpad = readWorkpad({ attributes, references: [] })
    expect(workpad.pages.length).toBe(1)
    expect(workpad.width).toBeGreaterThanOrEqual(LIMITS.leastSide)
    expect(workpad.width).toBeLessThanOrEqual(LIMITS.mostSide)
    expect(workpad.assets).toEqual([])
    expect(workpad.pages[0]?.background).toBeNull()
    const ids = workpad.pages.flatMap(p => p.elements.map(e => e.id))
    expect(new Set(ids).size).toBe(ids.length)
    for (const { place: at } of workpad.pages.flatMap(p => p.elements)) {
      expect(Object.values(at).every(Number.isFinite)).toBe(true)
      expect(at.width).toBeGreaterThanOrEqual(LIMITS.leastElement)
    }
    expect(() => writeWorkpad(workpad)).not.toThrow()
  })
  it('has layers, pages and copies', () => {
    const [a, b, c] = ['a', 'b', 'c'].map(id => ({ ...newElement(id, place(0, 0, 10, 10)), id }))
    const page = { ...newPage(), id: 'p', elements: [a, b, c].flatMap(e => e ?? []) }
    const workpad: Workpad = { ...newWorkpad(), pages: [page] }
    const order = (w: Workpad) => w.pages[0]?.elements.map(e => e.id).join('')
    const ids = (...names: string[]) => new Set(names)
    expect(order(moveLayer(workpad, 'p', ids('a'), 'top'))).toBe('bca')
    expect(order(moveLayer(workpad, 'p', ids('c'), 'bottom'))).toBe('cab')
    expect(order(moveLayer(workpad, 'p', ids('a', 'b'), 'up'))).toBe('cab')
    expect(order(moveLayer(workpad, 'p', ids('b', 'c'), 'up'))).toBe('abc')
    expect(order(moveLayer(workpad, 'p', ids('b'), 'down'))).toBe('bac')
    const [copy] = copiesOf(page.elements, 10)
    expect(copy?.place.left).toBe(10)
    expect(copy?.id).not.toBe('a')
    const two = addPage(workpad, { ...newPage(), id: 'q' }, 'p')
    expect(movePage(two, 'q', -1).pages.map(p => p.id)).toEqual(['q', 'p'])
    expect(removePage(two, 'p').pages.map(p => p.id)).toEqual(['q'])
    expect(removePage(workpad, 'p')).toBe(workpad)
  })
  it('takes changes back, a gesture at once', () => {
    let history = begin(0)
    for (const [value, gesture] of [
      [1, 'nudge'],
      [2, 'nudge'],
      [3, null],
    ] as const)
      history = changed(history, value, gesture)
    expect(undone(history).present).toBe(2)
    expect(undone(undone(history)).present).toBe(0)
    expect(redone(undone(history)).present).toBe(3)
    expect(undone(begin(7)).present).toBe(7)
    expect(changed(undone(history), 9, null).future).toEqual([])
  })
})

describe('places', () => {
  const page = { width: 1000, height: 500 }
  it('are caught by the page and by others, and stand on whole pixels elsewhere', () => {
    const free = snapMove([place(100, 100, 50, 50)], [], page, { dx: 10.4, dy: 0 }, 5)
    expect([free.dx, free.guides]).toEqual([10, []])
    const edge = snapMove([place(100, 100, 50, 50)], [], page, { dx: -97, dy: 0 }, 5)
    expect([edge.dx, edge.guides.map(g => [g.axis, g.at])]).toEqual([-100, [['x', 0]]])
    const other = snapMove([place(100, 100, 50, 50)], [place(300, 300, 80, 80)], page, { dx: 198, dy: 0 }, 5)
    expect(other.dx).toBe(200)
    expect(other.guides[0]).toMatchObject({ axis: 'x', at: 300, from: 100, to: 380 })
    const sized = snapResize(
      place(0, 0, 100, 100),
      { x: 1, y: 0 },
      [place(204, 0, 50, 50)],
      page,
      { dx: 101, dy: 30 },
      5,
    )
    expect(sized.place).toEqual(place(0, 0, 204, 100))
  })
  it('are sized from the edge across, also when they are turned', () => {
    expect(resized(place(10, 10, 100, 50), { x: -1, y: 0 }, 20, 99)).toEqual(place(30, 10, 80, 50))
    expect(resized(place(0, 0, 10, 10), { x: 1, y: 1 }, -99, -99)).toEqual(place(0, 0, 2, 2))
    expect(resized(place(0, 0, 100, 50), { x: 1, y: 1 }, 100, 0, true)).toEqual(place(0, 0, 200, 100))
    const turned = resized(place(0, 0, 100, 100, 90), { x: 1, y: 0 }, 0, 40)
    expect([turned.width, Math.round(boundsOf(turned).top), Math.round(boundsOf(turned).bottom)]).toEqual([
      140, 0, 140,
    ])
  })
  it('line up with each other or with the page, with the same gaps', () => {
    const two = [place(10, 0, 20, 20), place(50, 40, 60, 60)]
    expect(aligned(two, 'right', page).map(p => p.left)).toEqual([90, 50])
    expect(aligned(two, 'middle', page).map(p => p.top)).toEqual([40, 20])
    expect(aligned([place(1, 1, 100, 100)], 'center', page)).toEqual([place(450, 1, 100, 100)])
    const three = distributed([place(0, 0, 10, 10), place(15, 0, 10, 10), place(90, 0, 10, 10)], 'x')
    expect(three.map(p => p.left)).toEqual([0, 45, 90])
  })
})

describe('single arguments', () => {
  const text = 'filters | math "sum(n)" | metric "Sold" metricFont={font size=48} label2={x}'
  const size = { call: 'metric', arg: 'metricFont', inner: { call: 'font', arg: 'size' } }
  it('are read and changed, wherever they stand', () => {
    const expression = parseExpression(text)
    expect(readArg(expression, { call: 'metric', arg: 'label', unnamed: true })).toBe('Sold')
    expect(readArg(expression, size)).toBe(48)
    expect(readArg(expression, { call: 'nope', arg: 'x' })).toBeUndefined()
    expect(isComputed(expression, { call: 'metric', arg: 'label2' })).toBe(true)
    const next = withArg(
      withArg(expression, size, 60),
      { call: 'metric', arg: 'labelFont', inner: { call: 'font', arg: 'color' } },
      '#fff',
    )
    expect(printExpression(next, ' | ')).toBe(
      'filters | math "sum(n)" | metric "Sold" metricFont={font size=60} label2={x} labelFont={font color="#fff"}',
    )
    expect(printExpression(withArg(expression, { call: 'nope', arg: 'x' }, 1))).toBe(
      printExpression(expression),
    )
  })
})
