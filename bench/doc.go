// Command bench measures a whole server from outside: it starts the built binary, loads generated
// documents over HTTP, asks the questions of the performance table, checks every answer against the
// truth that the generator knows, and writes a report with the goal beside each figure.
//
//	go run . -bin ../bin/elkhorn                 everything; writes RESULTS.md
//	BENCH_DOCS=200000 go run . -bin … -out ""    a tenth of it, printed only
//
// The parts: process.go runs the server and reads what it costs, client.go and load.go speak to it,
// truth.go counts the right answers, queries.go holds the questions, stages.go the order of things,
// reallogs.go the log files of the test data, report.go the tables. It lives in a module of its own so
// that what it may need one day stays out of the product.
package main
