// Package pipeagg computes pipeline aggregations: those that read the results of others. Apply is a pass over the
// reduced tree of results, so that it does not matter who executed the rest.
//
// A parent pipeline aggregation stands inside the buckets it reads and adds a number to each, or keeps and sorts
// them; a sibling stands beside an aggregation with buckets and yields one result. Buckets inside are worked on
// before those around them, and aggregations of one level in the order in which they read each other.
package pipeagg
