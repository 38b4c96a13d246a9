package main

import "testing"

func TestAddressWithoutSchemeIsHTTP(t *testing.T) {
	for address, want := range map[string]string{
		"127.0.0.1:9200":         "http://127.0.0.1:9200",
		"logs.example.com:9200/": "http://logs.example.com:9200",
		"localhost":              "http://localhost",
		"https://es.example/es/": "https://es.example/es",
		"http://[::1]:9200":      "http://[::1]:9200",
	} {
		if got := baseOf(address); got != want {
			t.Errorf("baseOf(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestServerErrorSaysWhy(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{
			"failed search",
			`{"error":{"root_cause":[{"type":"query_shard_exception","reason":"failed to parse date field [15m]"}],"type":"search_phase_execution_exception","reason":"all shards failed"},"status":400}`,
			"query_shard_exception: failed to parse date field [15m]",
		},
		{
			"no root cause",
			`{"error":{"type":"index_not_found_exception","reason":"no such index [x]"},"status":404}`,
			"index_not_found_exception: no such index [x]",
		},
		{
			"empty root cause",
			`{"error":{"root_cause":[],"type":"search_phase_execution_exception","reason":"all shards failed"}}`,
			"search_phase_execution_exception: all shards failed",
		},
		{"text for an error", `{"error":"no handler found"}`, `400 Bad Request: {"error":"no handler found"}`},
		{"not JSON", "<html>\n", "400 Bad Request: <html>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := serverError("400 Bad Request", []byte(tt.body)).Error(); got != tt.want {
				t.Errorf("serverError = %q, want %q", got, tt.want)
			}
		})
	}
}
