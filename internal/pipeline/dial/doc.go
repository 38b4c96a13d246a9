// Package dial is how inputs and outputs reach other machines: the options that they share, and the clients made of them.
//
// tls.go has TLS, http.go an HTTP client. Clients of other services are here too when an input and an output need the same one,
// so that each library is imported in one place.
//
// What it does not hold: any plugin, and retrying, which is the plugin's decision.
package dial
