package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

const (
	indexName = "index.html"

	// Files under this folder carry a hash of their content in their name.
	hashedPrefix = "assets/"

	// Dashboards are named by ids that people choose, which may have dots and slashes.
	namedPrefix = "dashboards/"

	// One year, the longest age that caches are asked to honour.
	cacheForever = "public, max-age=31536000, immutable"
	// Stored, but checked against the ETag before each use.
	cacheChecked = "no-cache"

	// Below this a gzip header costs about what it saves, and the answer fits
	// one packet either way.
	minGzipBytes = 1024

	// Everything comes from this origin, nothing is inline, and nothing may frame the page. Images made by the page itself (blob:)
	// are how a chart becomes a PNG.
	contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; " +
		"img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// handler serves a fixed set of files from memory.
type handler struct {
	assets map[string]*asset // by slash path without a leading slash
	index  *asset            // index.html, or the page that says it is missing
}

// asset is one file, ready to be sent.
type asset struct {
	body        []byte
	contentType string
	cache       string
	etag        string
	gzip        func() []byte // nil for what does not shrink; computed once, at the first request
}

func newHandler(files fs.FS) *handler {
	h := &handler{assets: map[string]*asset{}}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		h.assets[name] = newAsset(name, body)
		return nil
	})
	if err != nil {
		h.index = newAsset(indexName, notBuiltPage("The embedded files cannot be read: "+err.Error()))
		return h
	}
	h.index = h.assets[indexName]
	if h.index == nil {
		h.index = newAsset(indexName, notBuiltPage("This binary was built without its web interface."))
	}
	return h
}

func newAsset(name string, body []byte) *asset {
	sum := sha256.Sum256(body)
	a := &asset{
		body:        body,
		contentType: contentType(name),
		cache:       cacheChecked,
		etag:        base64.RawURLEncoding.EncodeToString(sum[:12]),
	}
	if strings.HasPrefix(name, hashedPrefix) {
		a.cache = cacheForever
	}
	if len(body) >= minGzipBytes && shrinks(a.contentType) {
		a.gzip = sync.OnceValue(func() []byte { return compress(body) })
	}
	return a
}

// contentType does not ask the operating system's table, so that every machine
// answers alike.
func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json", ".map", ".webmanifest":
		return "application/json"
	case ".woff2":
		return "font/woff2"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}

func shrinks(contentType string) bool {
	return strings.HasPrefix(contentType, "text/") || contentType == "image/svg+xml" || contentType == "application/json"
}

// compress returns nil when gzip would not make the body smaller.
func compress(body []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(body); err != nil {
		return nil
	}
	if err := w.Close(); err != nil || out.Len() >= len(body) {
		return nil
	}
	return out.Bytes()
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", contentPolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "the web interface answers GET and HEAD only", http.StatusMethodNotAllowed)
		return
	}
	a := h.find(r.URL.Path)
	if a == nil {
		http.Error(w, fmt.Sprintf("no such file: %q", r.URL.Path), http.StatusNotFound)
		return
	}
	a.serve(w, r)
}

// find returns nil for an unknown file. A last element without a dot, and
// whatever is under namedPrefix, is taken as a page of the application, which
// index.html routes itself.
func (h *handler) find(urlPath string) *asset {
	name := strings.TrimPrefix(path.Clean("/"+urlPath), "/")
	if name == "" || name == indexName {
		return h.index
	}
	if a, ok := h.assets[name]; ok {
		return a
	}
	if strings.HasPrefix(name, namedPrefix) {
		return h.index
	}
	if strings.Contains(path.Base(name), ".") || strings.HasPrefix(name+"/", hashedPrefix) {
		return nil
	}
	return h.index
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	body, etag := a.body, `"`+a.etag+`"`
	if a.gzip != nil {
		header.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			if zipped := a.gzip(); zipped != nil {
				body, etag = zipped, `"`+a.etag+`-gz"`
				header.Set("Content-Encoding", "gzip")
			}
		}
	}
	header.Set("Content-Type", a.contentType)
	header.Set("Cache-Control", a.cache)
	header.Set("ETag", etag)
	if matchesETag(r.Header.Get("If-None-Match"), etag) {
		header.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		// A failed write means that the browser went away: nobody is left to tell.
		w.Write(body) //nolint:errcheck
	}
}

// acceptsGzip reads Accept-Encoding (RFC 9110, section 12.5.3): gzip or *
// named without a quality of zero.
func acceptsGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		coding, params, _ := strings.Cut(part, ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		if coding != "gzip" && coding != "*" {
			continue
		}
		quality, found := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		if !found {
			return true
		}
		q, err := strconv.ParseFloat(quality, 64)
		return err == nil && q > 0
	}
	return false
}

// matchesETag compares weakly (RFC 9110, section 13.1.2).
func matchesETag(ifNoneMatch, etag string) bool {
	for part := range strings.SplitSeq(ifNoneMatch, ",") {
		candidate := strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if candidate == etag || candidate == "*" {
			return true
		}
	}
	return false
}
