// Package event holds one log event on its way through a pipeline or a shipper.
//
// An [Event] is a tree of ordered fields, a separate @metadata tree that is never sent to an output,
// an event time, and a [Receipt] that tells the event's source when the event is safe. Fields are
// reached by a [Path], which is parsed once per configuration and never per event; text with
// references (%{field}, %{+YYYY.MM.dd}) is a [Template], compiled the same way.
//
// What it does not hold: any plugin, any I/O, any knowledge of where events come from or go.
//
// Invariants: an Event belongs to one goroutine at a time and is handed over, never shared. Values are
// immutable once they are in an event, except through the event's own methods. "@timestamp" and
// "@metadata" are not members of the field tree; a Path that names them reaches them all the same.
//
// The event model is that of Logstash (its Event API and field reference syntax).
package event
