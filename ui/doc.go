// Package ui holds the web interface: the TypeScript application under src/
// and, in Go, only the handler that serves its build.
//
// What is here: the embedded dist/ folder and Handler, which turns it into a
// read-only http.Handler with strong caching and a strict content security
// policy. What is not here: any endpoint with data. The application talks to
// the public Elasticsearch API, which package console mounts under /es/ on the
// same origin.
//
// Invariants: `go build` works without Node, because dist/ always contains a
// placeholder; without a built index.html the handler answers a page that says
// how to build it. The handler never reads the disk and holds no state that
// changes but the tags of files, found once, so it is safe for any number of
// goroutines.
//
// Called by package console, which mounts Handler at the root of the UI port.
package ui
