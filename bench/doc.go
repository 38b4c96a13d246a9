// Command bench measures a whole server from outside: it starts the built binary, loads generated
// documents over HTTP, asks the questions of the performance table, checks every answer against the
// truth that the generator knows, and writes a report with the goal beside each figure.
//
//	go run . -bin ../bin/elkhorn                 everything; writes RESULTS.md
//	BENCH_DOCS=200000 go run . -bin … -out ""    a tenth of it, printed only
//	go run . -bin … -large 100000000             a hundred million under a memory limit; writes LARGE.md
//
// The parts: process.go runs what is measured, costs.go reads what it costs, client.go and load.go speak
// HTTP, truth.go counts the right answers, queries.go holds the questions, stages.go the order of things,
// reallogs.go and logtimes.go the log files of the test data, hostile.go random ones, report.go and compare.go the
// tables, large.go the run of a hundred million, profiles.go the server's profiles.
//
// Other stores are measured beside it: rivals.go says how, rival_NAME.go installs and starts each, stage.go
// writes the files that they load, pipe.go speaks to those that are libraries and tabular.go reads their
// answers. What runs inside them is below rivals/NAME. It lives in a module of its own so that what it
// needs stays out of the product.
package main
