// The texts in and around charts.

export const texts = {
  // DocumentsPlot
  thisPanel: 'this panel',
  documentsOf: (title: string) => `Documents of ${title}`,
  open: 'Open',
  theWholeDocument: 'The whole document',

  // GaugePlot
  ofEndText: (endText: string) => `of ${endText}`,

  // GeoPlot
  closer: 'Closer',
  farther: 'Farther',
  reset: 'reset',

  // Legend
  legend: 'Legend',
  altOnlyThisOne: (name: string) => `${name} (Alt: only this one)`,

  // MarkMenu
  filterForThis: 'Filter for this',
  leaveThisOut: 'Leave this out',
  seeTheDocuments: 'See the documents',

  // Numbers
  thisChart: 'this chart',
  numbersOf: (title: string) => `Numbers of ${title}`,
  andMoreRows: (count: number) => `and ${count} more rows`,
  layerOf: (at: number, of: string) => `Layer ${at} of ${of}`,

  // PiePlot
  slices: 'Slices',

  // TablePlot
  average: 'Average',
  count: 'Count',
  max: 'Max',
  min: 'Min',
  total: 'Total',

  // TagCloud
  all: 'All',
  tags: 'Tags',

  // Visualization
  visualization: 'Visualization',
  thisPanelCannotBeShown: 'This panel cannot be shown here',
  mapsOfRegions: 'Maps of regions are not drawn here',
  controls: 'Controls',
  theyNarrowADashboard: 'They narrow the panels of a dashboard down, and work there.',
  theirOutlinesCome:
    'Their outlines come from a service on the internet. A map of points, or bars by region, shows the same numbers.',
  nothingFound: 'Nothing found',
  noDocumentOfThisTime: 'No document of this time fits. A longer time or fewer filters may.',
  thisChartCouldNotBeDrawn: 'This chart could not be drawn',
  loading: 'Loading',

  // xy_option
  now: 'now',

  // XYPlot
  andMore: (count: number) => `and ${count} more`,
}
