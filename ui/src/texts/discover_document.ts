// A document and what surrounds it.

export const texts = {
  // Page
  document: 'Document',
  thisDocumentIsNotThere: 'This document is not there',
  holdsNoDocumentItMay: (index: string, id: string) =>
    `${index} holds no document ${id}. It may have been deleted, or its index with it.`,
  noTimeField: 'No time field',
  noIndexHasADateField: (pattern: string) =>
    `No index of ${pattern} has a date field, so nothing surrounds its documents.`,
  surroundingDocuments: 'Surrounding documents',
  noNewerOnes: 'No newer ones',
  loadNewer: 'Load newer',
  around: 'Around',
  in: (pattern: string) => `in ${pattern}`,
  onlyWhatTheSearchFinds: 'only what the search finds',
  link: 'link',
  noOlderOnes: 'No older ones',
  loadOlder: 'Load older',
}
