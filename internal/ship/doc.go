// Package ship reads a filebeat.yml and says what it asks for: inputs, processors, queue and output.
//
// It holds the configuration language (dotted and nested keys, ${VAR:default}), the checks, and the Config they lead to. It reads no
// logs and opens no connection: ship/harvest follows files, ship/processor changes events, ship/runtime joins the two and
// delivers. server and the command line call Load, show its Findings, and hand the Config to ship/runtime.
//
// What a file asks for and is not built is a Finding that names it, with its line; the rest runs. What cannot be what its author
// meant (an unknown input or option, a bad pattern, a missing variable) is an error.
package ship
