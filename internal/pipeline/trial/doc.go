// Package trial runs pipelines by hand: test cases with expectations, explanations of single events, measurements, and the
// comparison of two configurations on the same events.
//
// A suite is a YAML file beside the configuration ([Load], [Suite.Run], [Suite.Update]):
//
//	pipeline: nginx.conf              # default: the .conf of the same name
//	now: 2026-02-27T12:00:00Z         # the clock; default 2026-01-01T00:00:00Z
//	ignore: [host]                    # fields that are never compared
//	cases:
//	  - name: errors are tagged
//	    input:
//	      - "2026-02-27 ERROR boom"   # a text is a raw line
//	      - {message: x, level: INFO} # a mapping is an event
//	      - {$advance: 30s}           # time passes
//	    expect:
//	      - level: ERROR              # other fields may be there; exact: true forbids them
//	        message: {$regex: boom}
//	        $outputs: [{elasticsearch: {index: "logs-2026.02.27"}}]
//	    drops: 1
//
// What it does not hold: the running of filters (pipeline/runtime.Trial), plugins, the command line.
//
// Invariants: nothing is opened, listened to, or written but the files that filters need; a suite gives the same report
// whatever the time of day.
package trial
