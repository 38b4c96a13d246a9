import { geoGraticule10, geoMercator, geoPath } from 'd3-geo'
import { type PointerEvent, useMemo, useRef, useState } from 'react'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import outlines from 'world-atlas/countries-110m.json'
import { mix, schemaTokens, seriesToken } from '../../lib/vis/colours'
import type { VisFilter } from '../../lib/vis/filter'
import { asJson, asList, asNumber, asText } from '../../lib/vis/json'
import type { Vis } from '../../lib/vis/model'
import { bucketColumns, metricColumnsOf, rowFilters, type Table } from '../../lib/vis/table'
import { texts } from '../../texts/charts'
import { Icon } from '../Icon'
import { rgbText } from './bands'
import styles from './GeoPlot.module.css'
import type { ChartEvents } from './mark'
import { useColours } from './palette'
import { useBox } from './useBox'

interface Props extends ChartEvents {
  vis: Vis
  table: Table
}

const world = outlines as unknown as Topology<{ countries: GeometryCollection }>
const COUNTRIES = feature(world, world.objects.countries)
const GRATICULE = geoGraticule10()
/** The world is this wide at zoom 0, as on every map of tiles. */
const TILE = 256
const WHOLE_WORLD = 2

interface View {
  /** Longitude, latitude. */
  centre: [number, number]
  zoom: number
}

/** Circles on outlines of the earth, drawn from what comes with the program: no tiles are loaded. */
export function GeoPlot({ vis, table, onMark }: Props) {
  const colours = useColours()
  const [box, { width, height }] = useBox()
  const [view, setView] = useState<View | null>(null)
  const drag = useRef<{ x: number; y: number; view: View } | null>(null)
  const asked = useMemo(() => viewOf(vis), [vis])
  const whole = useMemo(() => fitted(asked, width, height), [asked, width, height])
  const shown = view ?? whole
  const projection = useMemo(
    () =>
      geoMercator()
        .scale((TILE * 2 ** shown.zoom) / (2 * Math.PI))
        .center(shown.centre)
        .translate([width / 2, height / 2]),
    [shown, width, height],
  )
  const [graticule, land] = useMemo(() => {
    const path = geoPath(projection)
    return width > 0 ? [path(GRATICULE) ?? '', path(COUNTRIES) ?? ''] : ['', '']
  }, [projection, width])
  const layers = useMemo(() => layersOf(vis, table), [vis, table])
  const circles = useMemo(() => drawn(layers), [layers])
  const several = layers.length > 1
  const stops = schemaTokens(asText(vis.params.colorSchema, 'Yellow to Red'), false).slice(1).map(colours.rgb)
  const shaded = /^Shaded/.test(asText(vis.params.mapType))
  const move = (event: PointerEvent) => {
    const from = drag.current
    if (!from) return
    const scale = (TILE * 2 ** from.view.zoom) / 360
    const centre = projection.invert?.([
      width / 2 - (event.clientX - from.x),
      height / 2 - (event.clientY - from.y),
    ])
    if (!centre || scale === 0) return
    drag.current = { x: event.clientX, y: event.clientY, view: { zoom: from.view.zoom, centre } }
    setView(drag.current.view)
  }
  const zoomBy = (step: number) => setView({ ...shown, zoom: Math.min(8, Math.max(0, shown.zoom + step)) })
  return (
    <div className={styles.map} ref={box} data-desaturated={vis.params.isDesaturated === true}>
      {width > 0 && (
        // biome-ignore lint/a11y/noSvgWithoutTitle: the table beside it has its numbers
        <svg
          width={width}
          height={height}
          onPointerDown={event => {
            drag.current = { x: event.clientX, y: event.clientY, view: shown }
          }}
          onPointerMove={move}
          onPointerUp={() => {
            drag.current = null
          }}
          onPointerLeave={() => {
            drag.current = null
          }}
        >
          <path d={graticule} className={styles.graticule} />
          <path d={land} className={styles.land} />
          {circles.map(circle => {
            const [x = -99, y = -99] = projection(circle.place) ?? []
            const radius = shaded ? 7 : 4 + 18 * Math.sqrt(circle.share)
            return (
              // biome-ignore lint/a11y/noStaticElementInteractions: the table has a row for each
              <circle
                key={circle.key}
                cx={x}
                cy={y}
                r={radius}
                fill={several ? colours.css(circle.token) : rgbText(mix(stops, circle.share))}
                className={styles.circle}
                onClick={event =>
                  onMark({
                    title: circle.name,
                    text: circle.text,
                    filters: circle.filters,
                    x: event.clientX,
                    y: event.clientY,
                  })
                }
              >
                <title>{`${circle.name}: ${circle.text}`}</title>
              </circle>
            )
          })}
        </svg>
      )}
      {several && (
        <ul className={styles.layers} aria-label={texts.legend}>
          {layers.map(({ name, token }) => (
            <li key={name}>
              <i style={{ background: `var(--${token})` }} />
              <span>{name}</span>
            </li>
          ))}
        </ul>
      )}
      <div className={styles.zoom} data-controls>
        <button
          type="button"
          className="button small icon"
          aria-label={texts.closer}
          onClick={() => zoomBy(1)}
        >
          <Icon name="plus" size={12} />
        </button>
        <button
          type="button"
          className="button small icon"
          aria-label={texts.farther}
          onClick={() => zoomBy(-1)}
        >
          <Icon name="minus" size={12} />
        </button>
        {view && (
          <button type="button" className="button small" onClick={() => setView(null)}>
            {texts.reset}
          </button>
        )}
      </div>
    </div>
  )
}

/** Kibana's centre has the latitude first. */
function viewOf(vis: Vis): View {
  const [lat, lon] = asList(vis.params.mapCenter).map(asNumber)
  return { centre: [lon ?? 0, lat ?? 0], zoom: asNumber(vis.params.mapZoom) ?? WHOLE_WORLD }
}

/** Zooms up to 2 mean the whole world, which is then as large as the panel lets it be. */
function fitted(view: View, width: number, height: number): View {
  if (view.zoom > WHOLE_WORLD || width === 0) return view
  const zoom = Math.min(view.zoom, Math.log2(Math.max(width / TILE, (height * 1.15) / TILE)))
  const [lon, lat] = view.centre
  // Nobody lives at the poles: the middle of the land is north of the equator.
  return { zoom, centre: lat === 0 ? [lon, 18] : [lon, lat] }
}

interface Layer {
  name: string
  token: string
  /** Whether its values are of one scale with those of other layers: counts and sums are. */
  additive: boolean
  places: Place[]
}

interface Place {
  place: [number, number]
  name: string
  value: number
  text: string
  filters: VisFilter[]
}

interface Circle extends Place {
  key: string
  token: string
  /** Of the largest value, from 0 to 1. */
  share: number
}

/** The layers of a map, each named by what it measures. */
function layersOf(vis: Vis, table: Table): Layer[] {
  if (vis.type !== 'tile_map') return []
  const chosen = asJson(vis.params.colours)
  const taken = new Map<string, number>()
  return [table, ...(table.layers ?? [])].flatMap((one, at): Layer[] => {
    const metric = metricColumnsOf(one)[0]
    const column = metric === undefined ? undefined : one.columns[metric]
    if (metric === undefined || !column) return []
    const before = taken.get(column.name) ?? 0
    taken.set(column.name, before + 1)
    const name = before === 0 ? column.name : `${column.name} ${before + 1}`
    const token = asText(chosen[column.name]) || seriesToken(null, at)
    return [{ name, token, additive: column.additive === true, places: placesOf(one, metric) }]
  })
}

/** All circles, small ones on top of large ones, or they could not be pressed. */
function drawn(layers: readonly Layer[]): Circle[] {
  const mostOf = (places: readonly Place[]) => places.reduce((most, p) => Math.max(most, p.value), 1)
  const together = layers.every(l => l.additive) ? Math.max(...layers.map(l => mostOf(l.places))) : null
  return layers
    .flatMap(({ name, token, places }) => {
      const most = together ?? mostOf(places)
      return places.map(p => ({ ...p, key: `${name} ${p.name}`, token, share: p.value / most }))
    })
    .sort((a, b) => b.share - a.share)
}

function placesOf(table: Table, metric: number): Place[] {
  const bucket = bucketColumns(table).find(at => table.rows.some(row => row.cells[at]?.point))
  if (bucket === undefined) return []
  return table.rows.flatMap((row): Place[] => {
    const { point, text = '' } = row.cells[bucket] ?? {}
    const { value, text: measured = '' } = row.cells[metric] ?? {}
    return point && typeof value === 'number'
      ? [
          {
            place: [point.lon, point.lat],
            name: text,
            value,
            text: measured,
            filters: rowFilters(table, row),
          },
        ]
      : []
  })
}
