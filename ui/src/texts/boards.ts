// What is said of dashboards that are read from saved objects.

import { plural } from './plural'

export const texts = {
  // charts
  workpadsOfCanvas: 'Workpads of Canvas are not shown here.',
  imagesInPanels: 'Images in panels are not shown here.',
  logStreamsOfThisKind: 'Log streams of this kind are not shown here; a saved search shows the same lines.',
  anomalySwimLanes: 'Anomaly swim lanes are not drawn here.',
  panelsOfTheType: (type: string) => `Panels of the type “${type}” are not shown here.`,
  theQueryOfTheSaved: 'The query of the saved search that it is made of is left out.',

  // links
  linksLeadNowhere: (count: number) =>
    `${count} of its ${plural(count, 'link', 'links')} cannot be followed.`,
  aDashboard: 'Dashboard',

  // read
  itsCannotBeRead: (name: string) => `Its ${name} cannot be read and is left out.`,
  itsPanelsCannotBeRead: 'Its panels cannot be read: panelsJSON is not JSON.',
  event: 'Event',
  aControlOfTheType: (type: string) => `A control of the type ${type} is not shown here.`,

  // suggest
  newestDocuments: 'Newest documents',
  overviewOf: (name: string) => `Overview of ${name}`,

  // views
  allIndices: 'All indices',
}
