// Package telemetry sets up the program's own logging.
//
// [NewLogger] makes the slog.Logger that every part is handed: one line per message, for people with
// colours on a terminal, or JSON for machines. Secrets never reach it: what may hold one is printed
// through [Redact].
//
// Callers: server and the commands. It imports nothing of the product.
package telemetry
