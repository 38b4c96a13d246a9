// Package murmur is Austin Appleby's MurmurHash3 (github.com/aappleby/smhasher, public domain), which fingerprints of pipelines and
// ingest pipelines have to agree on with Logstash and Elasticsearch. It is no defence against chosen input.
package murmur
