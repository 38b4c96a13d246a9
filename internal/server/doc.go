// Package server builds the running program out of its parts: the store, its REST API, the UI's
// endpoints, the pipelines, the shipper and the demo load. It is the only package that names the embedded engine.
//
// [Start] brings the parts up in the order in which they depend on each other (store, API, UI, pipelines,
// shipper) and [Server.Close] takes them down in the opposite order, so that nothing in flight is
// lost: shippers stop first, the pipelines that take their events next, the store last.
//
// Binding rules live here: everything listens on loopback unless it is told otherwise and insecurity
// is accepted by name; a default listener whose port is taken is left out with a warning; one that was
// asked for is an error.
package server
