// Package gcpace decides how often memory is collected. [Start] is called once, by main and by benchmarks.
//
// The base is what suits a store: the heap may grow by half between collections, since its live memory is mostly write
// buffer and caches, whose size should not be paid twice. A pipeline is the opposite: little is live and much is
// allocated, so that a growth by half means hundreds of collections a second, and they cost as much as the work. While
// collections follow each other that closely, the heap may grow by a fixed number of bytes more; when they are rare
// again, as in a process that idles, the base holds again. Memory that grows under load goes back to the system.
//
// It imports the standard library only.
package gcpace
