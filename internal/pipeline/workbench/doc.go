// Package workbench is what people do to pipelines in a browser: reading and writing their configurations, checking them, following an event
// step by step, and comparing a changed configuration with the one that runs, on the events that come.
//
// [Handler] has the routes, docs/console-api.md describes them; what they work on comes from a [Host], which server is. Everything but writing
// a configuration leaves the running pipelines as they are: trials open no inputs and write to no outputs.
//
// What it does not hold: running pipelines, their counters (pipeline/monitor), trials themselves (pipeline/trial), who may ask (the console's
// guard).
package workbench
