import { dashboardOf } from '../../lib/dashboard/url'
import { usePath } from '../../state/navigate'
import { DashboardPage } from './DashboardPage'

/** The dashboard that the path names; another one is another page. */
export function DashboardRoute() {
  const id = dashboardOf(usePath())
  return <DashboardPage key={id} id={id} />
}
