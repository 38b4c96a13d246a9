import { useParams } from 'wouter'
import { DashboardPage } from './DashboardPage'

/** The dashboard that the path names; another one is another page. */
export function DashboardRoute() {
  const { id = 'new' } = useParams<{ id: string }>()
  return <DashboardPage key={id} id={id} />
}
