// Line icons on a 16-unit grid, drawn here so that none are loaded.

const PATHS = {
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14',
  zoomOut: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.400L14 14M4.800 7h4.400',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.5V8l2.5 1.5',
  refresh: 'M13.5 8a5.5 5.5 0 1 1-1.7-4M12 1.500V4.300H9.200',
  up: 'm4.500 9.500 3.500-3.500 3.500 3.500',
  down: 'm4.500 6.500 3.500 3.500 3.500-3.500',
  left: 'm9.500 4.500-3.500 3.500 3.500 3.500',
  right: 'm6.500 4.500 3.500 3.500-3.500 3.500',
  chart: 'M2 13.500h12M3.500 11V7m3 4V3.500m3 7.500V6m3 5V8.500',
  plus: 'M8 3.500v9M3.500 8h9',
  minus: 'M3.500 8h9',
  close: 'm4.500 4.500 7 7m0-7-7 7',
  include: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 5.500v5M5.500 8h5',
  exclude: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.500 8h5',
  link: 'M6.800 9.200a2.600 2.600 0 0 0 3.700 0l2.300-2.300a2.600 2.600 0 0 0-3.700-3.700l-.8.8m.9 2.800a2.600 2.600 0 0 0-3.700 0L3.200 9.100a2.600 2.600 0 0 0 3.700 3.700l.8-.8',
  copy: 'M5.500 5.500h8v8h-8zM3 10.500h-.500v-8h8V3',
  check: 'm3.500 8.500 3 3 6-7',
  column: 'M2.500 3h11v10h-11zM6.200 3v10M9.800 3v10',
  eye: 'M1.500 8S4 3.500 8 3.500 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  swap: 'M3 5.500h9.500M10 3l2.500 2.500L10 8M13 10.500H3.500M6 13l-2.500-2.500L6 8',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.500v1.300m0 10.400v1.300M1.500 8h1.300m10.400 0h1.300M3.400 3.400l.9.9m7.400 7.400.9.9m0-9.200-.9.9m-7.400 7.400-.9.9',
  moon: 'M13.500 9.500A5.800 5.800 0 0 1 6.500 2.500a5.800 5.800 0 1 0 7 7Z',
  screen: 'M2 3h12v8H2zM6 13.500h4M8 11v2.500',
  keyboard: 'M1.500 4h13v8.500h-13zM4 6.500h.1m2.600 0h.1m2.600 0h.1m2.500 0h.1M4 10h8',
  warning: 'M8 2.200 14.500 13.500h-13L8 2.200ZM8 6.500v3.200m0 1.700v.1',
  pause: 'M5.500 3.500v9m5-9v9',
  play: 'm5 3.500 7 4.500-7 4.500z',
  terminal: 'M2 3h12v10H2zM4.500 6l2 2-2 2M8 10.200h3.500',
  pattern: 'M2.500 4h4M9 4h4.500M2.500 8h6.500M11.500 8h2M2.500 12h3M8 12h5.500',
  history: 'M2.500 8a5.500 5.500 0 1 0 1.700-4M4 1.500v2.800h2.800M8 5.200V8l2 1.300',
  layers: 'M8 2 14 5 8 8 2 5 8 2ZM2 8l6 3 6-3M2 11l6 3 6-3',
  pin: 'M9.500 2 14 6.500l-2.500 1-2.500 3-.5 2.500-5.500-5.500 2.500-.5 3-2.500L9.500 2ZM5.500 10.500 2 14',
  trace: 'M2 3.500h5M5 8h6M9 12.500h5',
  around: 'M2 8h12M8 2.500v2.700m0 5.600v2.700M5.500 5l2.500-2.500L10.500 5m-5 6 2.500 2.500 2.500-2.500',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, size = 15 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: 'none' }}
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
