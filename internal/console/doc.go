// Package console serves the port that people open in a browser: the UI, the public REST API under
// /es/ on the same origin, and the few Kibana paths that tools ask for.
//
// The UI talks to the public API like any other client; what is here beside it is what a browser
// needs and the API does not have: the console's list of endpoints and its way to send a GET with a
// body (proxy.go), and trials of grok expressions (grok.go). docs/console-api.md describes them. Everything stands behind the guard that it is given, so that pages
// of other sites cannot reach it.
//
// It holds no search, no storage and no assets: the UI comes as a handler from package ui, the API as
// one from package api. The server puts them together.
package console
