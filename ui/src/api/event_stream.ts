// Server-sent events out of the pieces of an answer (WHATWG HTML, section 9.2.6).

export interface StreamEvent {
  name: string
  data: string
  /** Where to go on after this event; empty when it says nothing about that. */
  id: string
}

/** A reader of one stream: takes text as it comes and calls `onEvent` for each event that is complete. */
export function eventReader(onEvent: (event: StreamEvent) => void): (text: string) => void {
  let rest = ''
  let event: StreamEvent = { name: '', data: '', id: '' }
  const line = (text: string) => {
    if (text === '') {
      if (event.data !== '' || event.id !== '') onEvent(event)
      event = { name: '', data: '', id: '' }
      return
    }
    const at = text.indexOf(':')
    const field = at < 0 ? text : text.slice(0, at)
    const value = at < 0 ? '' : text.slice(at + 1).replace(/^ /, '')
    if (field === 'event') event.name = value
    else if (field === 'id') event.id = value
    else if (field === 'data') event.data += event.data === '' ? value : `\n${value}`
  }
  return text => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const one of lines) line(one)
  }
}
