import { Component, type ReactNode } from 'react'
import { BASE } from '../lib/space'
import { texts } from '../texts/components'

/** Shows a fault of the interface itself instead of an empty page. React offers this to classes only. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null as Error | null }

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    return (
      <main role="alert" style={{ padding: 48 }}>
        <h1>{texts.thePageStoppedBecause}</h1>
        <pre>{error.message}</pre>
        <p>{texts.yourLogsAreNotAffected}</p>
        <p style={{ display: 'flex', gap: 8, paddingTop: 16 }}>
          <button type="button" className="button primary" onClick={() => location.reload()}>
            {texts.loadItAgain}
          </button>
          <a className="button outlined" href={`${BASE}/discover`}>
            {texts.startAfresh}
          </a>
        </p>
      </main>
    )
  }
}
