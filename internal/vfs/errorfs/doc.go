// Package errorfs wraps a vfs.FS so that chosen operations fail, as disks do on their bad days.
//
// It holds the wrapper, the injectors that tests compose (Nth, OnKinds, OnPath, NoSpaceAfter, ShortWrite) and nothing about
// what a failure should lead to. An operation refused by an injector does not reach the wrapped file system, except that a
// write with Partial set stores its first bytes.
//
// A fault sweep runs the same history with Nth(0), Nth(1), … until a run passes without the fault having fired, and checks
// after each that what was acknowledged is still there.
//
// Callers: tests of everything that writes files.
package errorfs
