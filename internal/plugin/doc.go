// Package plugin describes a plugin: its name, its options with type, default, unit and help, and how
// to make one. Inputs, filters, outputs, codecs, shipper inputs and processors, analyzers, alert
// rules and actions are all tables of [Spec].
//
// A plugin's folder has one file per plugin, which defines its Spec, and a table.go, which lists the
// Specs in alphabetical order; there is no registration by init. From a configuration block a
// [Table] makes [Settings]: every option is checked against the Spec (unknown, obsolete, of the wrong
// type, missing) before the plugin's constructor sees it, and every error names file, line, column and option.
//
// The package knows nothing of pipelines or of what a plugin does.
package plugin
