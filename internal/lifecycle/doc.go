// Package lifecycle carries out the lifecycle policies that a store keeps: a [Runner] looks at every
// index that names a policy in index.lifecycle.name and does what is due.
//
// What acts: rollover (all conditions), delete, forcemerge, readonly, set_priority, shrink (in place),
// allocate (as settings) and searchable_snapshot (the index stays here, closed to writes). migrate, freeze,
// unfollow and downsample are taken, since a policy is written for a cluster's whole life, and named once in
// the log as not acting; a policy with a name that is no action is refused. Deleting too late is the safe
// side of every doubt.
//
// When a phase begins is counted from rollover where the policy has one, else from the making of the
// index ([clockStart] has the cases). A dated index that nothing rolls over (logs-2026.03.02) counts as rolled
// over when its day is past, so that daily indices under a rollover policy go away too. Where each index stands
// is kept as an es.LifecycleState, for explain and over a restart. Indices that no policy covers are deleted by
// the default retention, where that is set.
//
// It reaches the store through es.IndexAdmin and knows nothing of its kind. server runs it; api stores
// the policies.
package lifecycle
