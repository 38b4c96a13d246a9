package ruby

// Limits of one run. They stop a mistake in a program from stopping the pipeline, and are far above
// what a useful program does to one event.
const (
	// maxSteps bounds the calls, block calls and loop rounds of one run: an endless loop ends after
	// about a second.
	maxSteps = 5_000_000
	// maxBytes bounds the memory that a run's texts and arrays take together, freed or not.
	maxBytes = 64 << 20
	// maxNesting bounds the nesting of expressions in a program's text and of values in memory.
	maxNesting = 150
	// maxMethods bounds the methods of a script, which are compiled within each other.
	maxMethods = 1000
	// maxProgramBytes bounds a program's text.
	maxProgramBytes = 1 << 20
)

// limitError ends a run; no rescue in the program catches it.
type limitError struct{ reason string }

func (e *limitError) Error() string { return e.reason }

// step counts one call or round.
func (fr *frame) step() error {
	fr.steps++
	if fr.steps > maxSteps {
		return &limitError{"the program ran more than 5000000 steps for one event; is there an endless loop?"}
	}
	return nil
}

// grow counts memory about to be taken.
func (fr *frame) grow(bytes int) error {
	fr.bytes += bytes
	if bytes < 0 || fr.bytes > maxBytes {
		return &limitError{"the program took more than 64 MB of memory for one event"}
	}
	return nil
}
