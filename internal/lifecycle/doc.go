// Package lifecycle carries out the lifecycle policies that a store keeps: a [Runner] looks at every
// index that names a policy in index.lifecycle.name and does what is due.
//
// What acts: rollover (all conditions), delete, forcemerge, readonly, set_priority. The other actions
// of Elasticsearch are taken, since a policy is written for a cluster's whole life, and named once in
// the log as not acting; a name that is no action makes the policy faulty, and nothing is done to its
// indices until it is put right. Deleting too late is the safe side of every doubt.
//
// When a phase begins is counted from rollover where the policy has one, else from the making of the
// index ([clockStart] has the cases). No state is kept: an index was rolled over when the next index of
// its alias was made, and a dated index that nothing rolls over (logs-2026.03.02) counts as rolled over
// when its day is past, so that daily indices under a rollover policy go away too.
//
// It reaches the store through es.IndexAdmin and knows nothing of its kind. server runs it; api stores
// the policies.
package lifecycle
