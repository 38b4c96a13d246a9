// Package estest runs scenarios, the contract as files of requests and answers, against any server
// that speaks the REST API: the embedded engine behind package api, or a real cluster.
//
// It knows no store: the caller starts a server and gives its address. Only tests import it.
package estest
