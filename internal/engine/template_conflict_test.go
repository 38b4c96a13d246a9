package engine

import "testing"

func TestOverlap(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"logs-*", "logs-*", true},
		{"logs-*", "logs-app-*", true},
		{"logs-*", "metrics-*", false},
		{"*-logs", "app-*", true},
		{"*-logs", "app-x", false},
		{"a*b", "a*c", false},
		{"*", "anything", true},
		{"a", "a", true},
		{"a", "ab", false},
		{"a*", "a", true},
		{"ab*", "*ba", true},
		{"", "*", true},
	} {
		if got := overlap(tc.a, tc.b); got != tc.want {
			t.Errorf("%q and %q: %v", tc.a, tc.b, got)
		}
		if got := overlap(tc.b, tc.a); got != tc.want {
			t.Errorf("%q and %q: %v", tc.b, tc.a, got)
		}
	}
}
