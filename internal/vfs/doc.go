// Package vfs is the narrow waist between Elkhorn and its files: everything durable is read and written through FS and File.
//
// It holds the disk implementation (Default), a memory implementation that can say what a power cut would have left behind
// (NewMem, Mem.CrashClone), and the few compositions of file operations that are easy to get wrong (WriteFileAtomic, SyncDir).
// Injected faults live in the sub-package errorfs. It holds no caching, no formats and no policy: callers decide when to sync.
//
// What callers may rely on, and what the memory file system enforces:
//
//   - Bytes written to a file survive a power cut once File.Sync returned nil, and not before.
//   - A created, renamed or removed name survives a power cut once the directory holding it was synced (SyncDir), and not
//     before; syncing the file alone does not make its name durable.
//   - Rename within one directory replaces the target atomically: after a crash the target is the old file or the new one.
//   - After a failed Sync the state of the file is unknown. Nothing may retry it; the owner reports and stops writing.
//   - An FS is safe for concurrent use. A File may be read with ReadAt from many goroutines; Read and Write have one caller.
//
// Names are host paths. Errors answer to errors.Is with fs.ErrNotExist, fs.ErrExist and syscall.ENOSPC as package os does.
//
// Callers: engine and its parts, the pipeline's queue and dead letters, the shipper's registry, and tests.
package vfs
