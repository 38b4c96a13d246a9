package server

import (
	"log/slog"
	"net"
	"strings"
	"testing"
)

// TestListenSaysWhatToDo: an address that cannot be had names its listener, why, and the way on.
func TestListenSaysWhatToDo(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for address, want := range map[string]string{
		taken.Addr().String(): "another program listens there",
		"127.0.0.1:99999":     "is no address to listen on",
		"127.0.0.1:abc":       "is no address to listen on",
		"0.0.0.0:0":           "add --insecure",
	} {
		l, err := listen(t.Context(), "elasticsearch api", Address{HostPort: address, Explicit: true}, false, slog.Default())
		if err == nil {
			l.Close()
			t.Errorf("%s: no error", address)
			continue
		}
		if !strings.HasPrefix(err.Error(), "elasticsearch api: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
}
