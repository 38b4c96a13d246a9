// Package scenarios holds the contract of the REST API as files of requests and expected answers, and the
// test that runs them. internal/testkit describes the format.
//
// Every file starts on an empty server. By default that is the embedded engine behind the REST API; with
// ELKHORN_SCENARIO_URL it is the server at that address, whose indices are deleted: Elasticsearch and
// OpenSearch have to give the same answers.
package scenarios
