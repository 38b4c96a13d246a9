package api

import (
	"bytes"
	"fmt"
	"runtime/pprof"
)

// hotThreads answers GET /_nodes/hot_threads: what the program's goroutines are doing, those that do the same together.
func (s *Server) hotThreads(c *call) (answer, error) {
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "::: {%s}{%s}{%s}\n   Hot goroutines at %s, all of them by what they are doing:\n\n", info.Name, nodeID(&info), nodeIP, s.now().UTC().Format(catTimeFormat))
	const countsAndStacks = 1 // one entry per stack, with the number of goroutines that have it
	if err := pprof.Lookup("goroutine").WriteTo(&b, countsAndStacks); err != nil {
		return answer{}, err
	}
	return answer{text: true, body: b.Bytes()}, nil
}
