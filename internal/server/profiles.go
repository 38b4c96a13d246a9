package server

import (
	"context"
	"net/http"
	"net/http/pprof"

	"elkhorn/internal/api"
)

// openProfiles serves the Go runtime's profiles when somebody asked for it. Whoever reads them sees into
// the program's memory, so that no option lets them be read from another machine.
func (s *Server) openProfiles(ctx context.Context) error {
	if s.opts.Profiles.HostPort == "" {
		return nil
	}
	l, err := listen(ctx, "profiles", s.opts.Profiles, false, s.logger)
	if err != nil || l == nil {
		return err
	}
	s.profilesAddr = l.Addr()
	s.serve("profiles", api.HTTPServer(api.Guard{}.Wrap(profilesHandler()), s.logger), l)
	return nil
}

// profilesHandler has the paths that `go tool pprof` expects.
func profilesHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// ProfilesAddr is where the profiles are, "" when they are not served.
func (s *Server) ProfilesAddr() string { return addrText(s.profilesAddr) }
