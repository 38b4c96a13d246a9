// Package module holds Filebeat's modules: which files of a program are read, and how their lines are taken apart.
//
// Filebeat leaves the second part to an ingest pipeline of Elasticsearch, which a shipper that sends to Logstash goes without. Here
// the shipper does it itself, whatever its output, under the same names of fields (those of ECS 8). The text of a message stays in
// message, where Filebeat takes it away from lines that it understood.
//
// Callers: ship (to read configurations) and ship/runtime.
package module
