import { usePath } from '../../state/navigate'
import { ReportPage } from './ReportPage'
import { reportOf } from './url'

/** The report that the path names; another one is another page. */
export function ReportRoute() {
  const id = reportOf(usePath())
  return <ReportPage key={id} id={id} />
}
