// Package monitor is the monitoring API of pipelines, in the shapes of Logstash 8's on port 9600, for the programs that read those.
//
// [Handler] has the routes; what it shows comes from a [Source], which server is. [Flows] remembers counters to tell rates over the last
// minutes and hours.
//
// What a Java process has and this one does not is left out rather than made up: pools of the heap, names of collectors, CPU time by
// thread. The heap, the threads and the collections under "jvm" are those of the Go runtime; "runtime" says so.
package monitor
