// Command pipeline measures pipelines from the bytes of an input to the bytes of a bulk request: access logs through
// grok, date, useragent and geoip, and two printed configurations, beside Benthos and go-grok doing the same work; and
// the grok expressions alone beside other regular expression engines; and the memory that a backlog of 1 GB takes. Results are compared before anything is timed. It
// writes ../PIPELINE.md.
//
//	go run .                   everything (ELKHORN_TESTDATA names the folder of the configurations and logs)
//	go run . -events 50000     a shorter run
//	go run . -only apache      cases whose name holds the word
//	go run . -profile DIR      profiles of each of Elkhorn's cases: processor time and allocations
//	go run . -backlog          the backlog in a persisted queue alone
//
// elkhorn.go runs our pipelines, rivals.go the others, cases.go says what is run, match.go compares the engines,
// backlog.go fills and empties a persisted queue, main.go measures and reports. It is a module of its own, so that what the rivals need stays out of the product.
package main
