package server

import "elkhorn/internal/lifecycle"

// startLifecycle starts the work on lifecycle policies. It ends before the store.
func (s *Server) startLifecycle() {
	runner := lifecycle.New(s.store, lifecycle.Options{Logger: s.logger, Now: s.opts.Now})
	s.goPart(&s.senders, "lifecycle", runner.Run)
}
