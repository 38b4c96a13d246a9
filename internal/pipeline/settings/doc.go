// Package settings reads logstash.yml and pipelines.yml: what the process does, and for each pipeline its
// workers, batches, queue and dead letters.
//
// [Keys] is the list of settings, one line each, in Logstash's names. Later layers win: the defaults, logstash.yml, the environment
// (PIPELINE_WORKERS for pipeline.workers, as its container image has it), the command line, and for one pipeline its
// entry in pipelines.yml. Keys may be dotted or nested; values may hold ${VAR:default}.
//
// Nothing is passed over: an unknown key is a *plugin.Error with file, line, column and the nearest name, and so is a setting that the
// original has and we do not. A setting without effect here is a warning that says why.
//
// What it does not hold: flags (cmd/elkhorn) and what the settings lead to (server).
package settings
