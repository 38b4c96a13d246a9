// Package api is the Elasticsearch-compatible REST surface: it turns HTTP requests into calls of an
// es.Store and the store's answers and errors into Elasticsearch's JSON.
//
// One table (routes.go) names every endpoint with its methods, its query parameters and its handler;
// each group of endpoints has a file of its own. A request passes, in order: the [Guard] (Host and
// Origin), the router, the check of its query parameters, its handler, and the writer (filter_path,
// pretty printing, compression). What the table does not name is refused by name: an unknown path, a
// wrong method, an unknown parameter, an unknown member of a body. An endpoint that answers less than
// Elasticsearch's says so in its note in the table.
//
// Invariants: every response carries X-Elastic-Product; a body is never held beyond the limits of
// [Options]; nothing that a client sends makes a handler panic; the package keeps no state but the
// cursors of open scrolls, which end with their time to live.
//
// It holds no storage, no query execution and no user interface. The server builds it over whichever
// store is configured; the console mounts it under /es/ for the UI.
package api
