package server

// startLifecycle starts the work on lifecycle policies.
func (s *Server) startLifecycle() {}
