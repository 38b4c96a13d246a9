// Package structure keeps the layout as ARCHITECTURE.md describes it: its tests fail on an internal import that
// the table there does not list, on a package without a doc.go, and on a file with two plugins.
package structure
