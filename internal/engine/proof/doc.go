// Package proof compares the engine with package brute over random histories: mappings, documents, writes, flushes, merges,
// restarts and crashes, and after each step searches, sorts and aggregations, every document's source byte for byte, versions
// and sequence numbers.
//
// It holds only tests. TestHistories is the short run; with PROOF_TIME=10m it goes on with fresh seeds for so long (make
// proof). A failure prints its seed, and PROOF_SEED=n runs that history alone. A search that gives a wrong answer is tried
// again over fewer and fewer documents, and the smallest set that still shows it is printed.
package proof
