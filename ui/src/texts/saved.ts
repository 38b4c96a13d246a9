// Lists of saved objects.

export const texts = {
  copy: (title: string) => `${title} (copy)`,
  copiedAs: (title: string) => `Copied as “${title}”`,
  isBack: (title: string) => `“${title}” is back`,
  removedNamed: (title: string) => `Removed “${title}”.`,
  undo: 'Undo',
  findAndAdd: 'Find and add',
  changed: 'Changed',
  actions: 'Actions',
  duplicate: 'Duplicate',
  export: 'Export',
  delete: 'Delete',
}
