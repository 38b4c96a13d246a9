import { Component, type ReactNode } from 'react'
import { BASE } from '../lib/space'

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
        <h1>The page stopped because of a fault in it</h1>
        <pre>{error.message}</pre>
        <p>Your logs are not affected. The address of this page tells what led here.</p>
        <p style={{ display: 'flex', gap: 8, paddingTop: 16 }}>
          <button type="button" className="button primary" onClick={() => location.reload()}>
            Load it again
          </button>
          <a className="button outlined" href={`${BASE}/discover`}>
            Start afresh
          </a>
        </p>
      </main>
    )
  }
}
