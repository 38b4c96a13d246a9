package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"
)

// TestBrokerName: the usual name of a broker means this machine unless it resolves; every other name is left alone.
func TestBrokerName(t *testing.T) {
	for _, tc := range []struct {
		address  string
		resolves bool
		want     string
	}{
		{"kafka:9092", false, "127.0.0.1:9092"},
		{"kafka:9092", true, "kafka:9092"},
		{"broker-1:9092", false, "broker-1:9092"},
		{"no port", false, "no port"},
	} {
		var log lockedBuffer
		var got string
		d := newBrokerDialer(slog.New(slog.NewTextHandler(&log, nil)))
		d.resolve = func(context.Context, string) ([]string, error) {
			if tc.resolves {
				return []string{"192.0.2.1"}, nil
			}
			return nil, errors.New("no such host")
		}
		d.connect = func(_ context.Context, _, address string) (net.Conn, error) {
			got = address
			return nil, errors.New("nobody listens")
		}
		for range 2 {
			if _, err := d.dial(t.Context(), "tcp", tc.address); err == nil {
				t.Errorf("%s: no error", tc.address)
			}
		}
		told := strings.Count(log.String(), "\n")
		if mapped := tc.want != tc.address; got != tc.want || told == 1 != mapped {
			t.Errorf("%s connects to %s, want %s; lines of log: %d", tc.address, got, tc.want, told)
		}
	}
}
