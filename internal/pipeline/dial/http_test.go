package dial

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestAuthorizedHost: the credentials of the configuration go to the host that it names, also after a redirect there, and to no other.
func TestAuthorizedHost(t *testing.T) {
	users := map[string]string{}
	note := func(r *http.Request) {
		user, _, _ := r.BasicAuth()
		users[r.URL.Path] = user
	}
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { note(r) }))
	defer other.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		note(r)
		switch r.URL.Path {
		case "/start":
			http.Redirect(w, r, "/moved", http.StatusFound)
		case "/moved":
			http.Redirect(w, r, other.URL+"/elsewhere", http.StatusFound)
		}
	}))
	defer server.Close()
	client := &http.Client{Transport: &authorized{user: "u", password: "p", next: &http.Transport{}}}
	defer client.CloseIdleConnections()
	resp, err := client.Get(server.URL + "/start")
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/start": "u", "/moved": "u", "/elsewhere": ""} {
		if got, came := users[path]; got != want || !came {
			t.Errorf("%s: user %q (%t), want %q", path, got, came, want)
		}
	}
}

func TestRedacted(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		if got := Redacted(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	f("http://u:secret@host:9200/path", "http://u:xxxxx@host:9200/path")
	f("http://host:9200", "http://host:9200")
	f("u:secret@host", "xxxxx@host")
	f("http://u:sec%ret@host", "xxxxx@host")
	f("host:9200", "host:9200")
	f("", "")
	if got := RedactedList([]string{"http://a", "http://u:secret@b"}); got != "http://a,http://u:xxxxx@b" {
		t.Errorf("got %q", got)
	}
}
