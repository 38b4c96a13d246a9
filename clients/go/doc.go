// Package clients runs the official Go clients of Elasticsearch against a running server. It is a module
// of its own, so that their dependencies stay out of the product.
//
// The tests want the server's address in ELKHORN_URL, such as http://127.0.0.1:9200; they use indices
// whose names begin with go-client and delete them.
package clients
