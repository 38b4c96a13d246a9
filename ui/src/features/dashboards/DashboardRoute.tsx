import { usePathname } from 'wouter/use-browser-location'
import { dashboardOf } from '../../lib/dashboard/url'
import { DashboardPage } from './DashboardPage'

/** The dashboard that the path names; another one is another page. */
export function DashboardRoute() {
  const id = dashboardOf(usePathname())
  return <DashboardPage key={id} id={id} />
}
