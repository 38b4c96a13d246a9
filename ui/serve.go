package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
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

	// Everything comes from this origin, nothing is inline, and nothing may frame the page. Images made by the page itself (blob:)
	// are how a chart becomes a PNG.
	contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; " +
		"img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// handler serves a fixed set of files. It keeps none of them: they are read as they are asked for, from the program's own pages.
type handler struct {
	assets map[string]*asset // by slash path without a leading slash
	index  *asset            // index.html, or the page that says it is missing
}

// asset is one file.
type asset struct {
	read        func() ([]byte, error) // as it is stored
	zipped      bool                   // by the build, which writes what shrinks as name.gz
	contentType string
	cache       string
	etag        func() string // of what is stored
}

const zippedSuffix = ".gz"

func newHandler(files fs.FS) *handler {
	h := &handler{assets: map[string]*asset{}}
	err := fs.WalkDir(files, ".", func(stored string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(stored), ".") {
			return err
		}
		name, zipped := strings.CutSuffix(stored, zippedSuffix)
		h.assets[name] = newAsset(name, zipped, func() ([]byte, error) { return fs.ReadFile(files, stored) })
		return nil
	})
	h.index = h.assets[indexName]
	switch {
	case err != nil:
		h.index = page("The embedded files cannot be read: " + err.Error())
	case h.index == nil:
		h.index = page("This binary was built without its web interface.")
	}
	return h
}

// page is the one that says why there is no other.
func page(reason string) *asset {
	body := notBuiltPage(reason)
	return newAsset(indexName, false, func() ([]byte, error) { return body, nil })
}

func newAsset(name string, zipped bool, read func() ([]byte, error)) *asset {
	a := &asset{read: read, zipped: zipped, contentType: contentType(name), cache: cacheChecked}
	if strings.HasPrefix(name, hashedPrefix) {
		a.cache = cacheForever
	}
	a.etag = sync.OnceValue(func() string {
		body, err := read()
		if err != nil {
			return ""
		}
		sum := sha256.Sum256(body)
		return base64.RawURLEncoding.EncodeToString(sum[:12])
	})
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

// unzip is what a client gets that takes no gzip.
func unzip(body []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
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
	body, err := a.read()
	etag := `"` + a.etag() + `"`
	if a.zipped {
		header.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			etag = `"` + a.etag() + `-gz"`
			header.Set("Content-Encoding", "gzip")
		} else if err == nil {
			body, err = unzip(body)
		}
	}
	if err != nil {
		header.Del("Content-Encoding")
		http.Error(w, "a file of the web interface cannot be read: "+err.Error(), http.StatusInternalServerError)
		return
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
