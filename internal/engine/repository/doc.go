// Package repository keeps snapshots of indices in a folder that is not the store's own: a mounted disk, say.
//
//	elkhorn-repository.json     what the folder is, and the version of this layout
//	snapshots/NAME.json         one snapshot: its indices, and for each of their files the blob that holds it
//	blobs/UUID/FILE             a file of the index UUID, as it was; shared by all snapshots that have it
//
// A segment file never changes, so that a snapshot copies only those that no snapshot before it has. A snapshot is
// there once its own file is, which is written last; blobs without a snapshot are what an attempt left that did not
// reach its end, and go with the next cleanup. Every blob's SHA-256 is in the snapshot and is checked when it is read back.
package repository
