package exec

// SetSpareTuples says how many keys beyond a page a composite aggregation keeps before it throws some out.
func SetSpareTuples(n int) (undo func()) {
	was := spareTuples
	spareTuples = n
	return func() { spareTuples = was }
}
