// What every page stands in: its head, its states.

export const texts = {
  // CommandPalette
  savedSearch: 'saved search',
  visualization: 'visualization',
  dataView: 'data view',
  whatIsSavedDidNotCome: (message: string) => `What is saved did not come: ${message}`,
  spaceWord: 'space',
  spaceId: (id: string) => `space ${id}`,
  askDiscoverInPlainWords: 'ask Discover in plain words',

  // InSpace
  noSuchSpace: 'No such space',
  thereIsNoSuchSpace: 'There is no such space',
  isTheId: 'is the id of no space. It may have been deleted, with what was kept in it.',

  // ListPage
  close: 'Close',

  // LostPage
  noSuchPage: 'No such page',
  thereIsNoSuchPage: 'There is no such page',
  nothingIsAt: 'Nothing is at',
  theLinkMayBeCut: '. The link may be cut off, or from another program.',
  goToDiscover: 'Go to Discover',

  // NotLoaded
  thePageDidNotCome: 'The page did not come',
  theServerDoesNotAnswer: 'The server does not answer; this page opens when it does',
  theServerHasPerhapsBeenUpdated: 'The server answers, and has perhaps been updated: load the page again.',

  // PageBar
  command: 'command',
  keyboardShortcuts: 'Keyboard shortcuts',
  keyboardShortcutsWithKey: 'Keyboard shortcuts (?)',

  // SpaceMenu
  spaceNamed: (name: string) => `Space: ${name}`,
  space: 'Space:',
  spaces: 'Spaces',
  management: 'Management',
  manageSpaces: 'Manage spaces',

  // States
  loading: 'Loading',
  stillOf: (title: string, time: string) => `${title}; what is shown is of ${time}.`,
  tryAgain: 'Try again',
  openInTheConsole: 'Open in the console',
  copyTheRequest: 'Copy the request',
}
