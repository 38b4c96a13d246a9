package server

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

func profileOptions(t *testing.T, address string, insecure bool) Options {
	return Options{DataDir: t.TempDir(), Profiles: Address{HostPort: address, Explicit: true}, Insecure: insecure,
		LookupEnv: func(string) (string, bool) { return "", false }, Logger: slog.New(slog.DiscardHandler)}
}

// TestProfilesAreServedOnLoopbackOnly: --insecure opens the API to others, never the program's memory.
func TestProfilesAreServedOnLoopbackOnly(t *testing.T) {
	for _, insecure := range []bool{false, true} {
		if s, err := Start(t.Context(), profileOptions(t, "0.0.0.0:0", insecure)); !errors.Is(err, ErrNotLoopback) {
			t.Errorf("insecure %t: %v, want a refusal", insecure, err)
			if err == nil {
				_ = s.Close()
			}
		}
	}
	s, err := Start(t.Context(), profileOptions(t, "127.0.0.1:0", false))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	base := "http://" + s.ProfilesAddr()
	for path, want := range map[string]string{"/debug/pprof/heap?debug=1": "heap profile", "/debug/pprof/profile?seconds=1": "\x1f\x8b"} {
		if got := fetch(t, base+path, "localhost"); !strings.HasPrefix(got, want) {
			t.Errorf("%s begins with %.20q, want %q", path, got, want)
		}
	}
	if got := fetch(t, base+"/debug/pprof/heap", "attacker.example"); !strings.Contains(got, "security_exception") {
		t.Errorf("a foreign host name got %.60q", got)
	}
	if got := fetch(t, base+"/", "localhost"); !strings.Contains(got, "404") {
		t.Errorf("the root answers %.60q", got)
	}
}

func fetch(t *testing.T, url, host string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
