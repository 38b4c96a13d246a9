package ui

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

var sampleScript = strings.Repeat("console.log('elkhorn');\n", 100)

func zipped(text string) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	// Writing to memory does not fail.
	w.Write([]byte(text)) //nolint:errcheck
	w.Close()             //nolint:errcheck
	return out.Bytes()
}

func sampleBuild() fstest.MapFS {
	return fstest.MapFS{
		".gitkeep":                 {},
		"index.html":               {Data: []byte("<!doctype html><title>Elkhorn</title>")},
		"theme.js":                 {Data: []byte("document.title")},
		"assets/index-abc.js.gz":   {Data: zipped(sampleScript)},
		"assets/inter-12345.woff2": {Data: bytes.Repeat([]byte{0, 1, 2, 3}, 1000)},
	}
}

func request(t *testing.T, h http.Handler, method, target string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestServePaths(t *testing.T) {
	h := newHandler(sampleBuild())
	for _, c := range []struct {
		method, path string
		status       int
		contentType  string
		cache        string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8", cacheChecked},
		{"GET", "/index.html", 200, "text/html; charset=utf-8", cacheChecked},
		{"GET", "/discover", 200, "text/html; charset=utf-8", cacheChecked},
		{"GET", "/discover/deep/link", 200, "text/html; charset=utf-8", cacheChecked},
		{"GET", "/dashboards/team%2Fv1.2", 200, "text/html; charset=utf-8", cacheChecked},
		{"GET", "/dashboards/team/v1.2", 200, "text/html; charset=utf-8", cacheChecked},
		{"GET", "/theme.js", 200, "text/javascript; charset=utf-8", cacheChecked},
		{"GET", "/assets/index-abc.js", 200, "text/javascript; charset=utf-8", cacheForever},
		{"GET", "/assets/inter-12345.woff2", 200, "font/woff2", cacheForever},
		{"HEAD", "/assets/index-abc.js", 200, "text/javascript; charset=utf-8", cacheForever},
		{"GET", "/assets/index-abc.js.gz", 404, "text/plain; charset=utf-8", ""},
		{"GET", "/assets/index-old.js", 404, "text/plain; charset=utf-8", ""},
		{"GET", "/assets/", 404, "text/plain; charset=utf-8", ""},
		{"GET", "/.gitkeep", 404, "text/plain; charset=utf-8", ""},
		{"GET", "/../../etc/passwd.txt", 404, "text/plain; charset=utf-8", ""},
		{"POST", "/", 405, "text/plain; charset=utf-8", ""},
		{"DELETE", "/assets/index-abc.js", 405, "text/plain; charset=utf-8", ""},
	} {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			response := request(t, h, c.method, c.path)
			if response.StatusCode != c.status {
				t.Fatalf("status %d, want %d", response.StatusCode, c.status)
			}
			if got := response.Header.Get("Content-Type"); got != c.contentType {
				t.Errorf("content type %q, want %q", got, c.contentType)
			}
			if got := response.Header.Get("Cache-Control"); got != c.cache {
				t.Errorf("cache control %q, want %q", got, c.cache)
			}
			if got := response.Header.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'") {
				t.Errorf("content policy %q", got)
			}
			if c.method == "HEAD" && body(t, response) != "" {
				t.Error("HEAD carries a body")
			}
		})
	}
}

func TestServeGzip(t *testing.T) {
	h := newHandler(sampleBuild())
	const script = "/assets/index-abc.js"
	for _, c := range []struct {
		accept string
		zipped bool
	}{
		{"", false}, {"gzip", true}, {"br, GZIP;q=0.5", true}, {"*", true}, {"gzip;q=0", false}, {"gzip; q=0.0, br", false}, {"br", false}, {"gzip;q=x", false},
	} {
		response := request(t, h, "GET", script, "Accept-Encoding", c.accept)
		if got := response.Header.Get("Content-Encoding") == "gzip"; got != c.zipped {
			t.Errorf("Accept-Encoding %q: compressed %v, want %v", c.accept, got, c.zipped)
			continue
		}
		var content io.Reader = response.Body
		if c.zipped {
			unzipped, err := gzip.NewReader(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			content = unzipped
		}
		data, err := io.ReadAll(content)
		if err != nil || string(data) != sampleScript {
			t.Errorf("Accept-Encoding %q: %d bytes, %v", c.accept, len(data), err)
		}
	}
	if got := request(t, h, "GET", "/assets/inter-12345.woff2", "Accept-Encoding", "gzip").Header.Get("Content-Encoding"); got != "" {
		t.Errorf("a font is compressed again: %q", got)
	}
}

func TestServeNotModified(t *testing.T) {
	h := newHandler(sampleBuild())
	first := request(t, h, "GET", "/", "Accept-Encoding", "gzip")
	etag := first.Header.Get("ETag")
	for _, header := range []string{etag, `"other", W/` + etag, "*"} {
		response := request(t, h, "GET", "/", "If-None-Match", header, "Accept-Encoding", "gzip")
		if response.StatusCode != http.StatusNotModified || body(t, response) != "" {
			t.Errorf("If-None-Match %s: status %d", header, response.StatusCode)
		}
	}
	if got := request(t, h, "GET", "/", "If-None-Match", `"other"`).StatusCode; got != http.StatusOK {
		t.Errorf("a different tag: status %d", got)
	}
}

func TestNotBuilt(t *testing.T) {
	h := newHandler(fstest.MapFS{".gitkeep": {}})
	for _, path := range []string{"/", "/discover"} {
		response := request(t, h, "GET", path)
		if text := body(t, response); response.StatusCode != http.StatusOK || !strings.Contains(text, "make ui") {
			t.Errorf("%s: status %d, %q", path, response.StatusCode, text)
		}
	}
}

func TestHandlerServesEmbeddedBuild(t *testing.T) {
	response := request(t, Handler(), "GET", "/")
	if got := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || got != "text/html; charset=utf-8" {
		t.Errorf("status %d, content type %q", response.StatusCode, got)
	}
}
