// Package runtime runs a shipper: it starts the inputs of a ship.Config, passes their events through processors into a bounded
// queue, and delivers them over Lumberjack until they are acknowledged.
//
// It holds the queue, the connections with their windows, back-off and load balancing, and the order of start and stop. It does
// not hold the reading of files (ship/harvest), processors (ship/processor) or the configuration language (ship).
//
// # Invariants
//
//   - At least once: an event leaves the queue only when a receiver has acknowledged it; then, and not before, its source's
//     offset may pass it. Events of a failed connection are sent again, first.
//   - Bounded memory: events on their way count against the queue until they are acknowledged, by number and by bytes. A full
//     queue makes inputs wait.
//   - The order of one file's events is kept as long as there is one connection and no failure; with several there is none.
//
// Callers: server and the command line.
package runtime
