package api

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// compressFrom is the size in bytes from which compressing pays for itself.
const compressFrom = 1400

// write sends an answer: filtered, printed and compressed as the client asked.
func (c *call) write(a answer) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	header := c.writer.Header()
	for name, value := range a.header {
		header.Set(name, value)
	}
	for _, text := range append(a.warnings, c.deprecated...) {
		header.Add("Warning", warning(c.opts.Version, text))
	}
	if a.stream != nil {
		c.stream(a.stream)
		return
	}
	if a.text {
		header.Set("Content-Type", mediaText)
	} else {
		header.Set("Content-Type", c.contentType())
		a.body = c.shape(&a)
		if c.yaml && len(a.body) > 0 {
			a.body = jsonToYAML(a.body)
		}
	}
	c.send(a.status, a.body)
}

// shape applies filter_path and pretty to a JSON answer.
func (c *call) shape(a *answer) []byte {
	body := a.body
	if len(body) == 0 {
		return body
	}
	if paths := c.query.Get("filter_path"); paths != "" && !a.failed {
		body = newPathFilter(paths).apply(body)
	}
	if c.flag("pretty") {
		body = prettyJSON(body)
	}
	return body
}

// send writes status and body. Write errors mean that the client has gone.
func (c *call) send(status int, body []byte) {
	header := c.writer.Header()
	if c.req.Method == http.MethodHead {
		header.Set("Content-Length", strconv.Itoa(len(body)))
		c.writer.WriteHeader(status)
		return
	}
	if len(body) < compressFrom || !acceptsGzip(c.req) {
		header.Set("Content-Length", strconv.Itoa(len(body)))
		c.writer.WriteHeader(status)
		if _, err := c.writer.Write(body); err != nil {
			c.log.Debug("client went away", "error", err)
		}
		return
	}
	header.Set("Content-Encoding", "gzip")
	header.Add("Vary", "Accept-Encoding")
	c.writer.WriteHeader(status)
	zip := gzipWriters.Get().(*gzip.Writer)
	defer gzipWriters.Put(zip)
	zip.Reset(c.writer)
	_, err := zip.Write(body)
	if closing := zip.Close(); err == nil {
		err = closing
	}
	if err != nil {
		c.log.Debug("client went away", "error", err)
	}
}

var gzipWriters = sync.Pool{New: func() any {
	zip, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	return zip
}}

func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == "gzip" || name == "*" {
			return strings.ReplaceAll(params, " ", "") != "q=0"
		}
	}
	return false
}

// warning is one value of the Warning header in Elasticsearch's form.
func warning(version, text string) string {
	escaped := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", " ", "\n", " ").Replace(text)
	return fmt.Sprintf(`299 Elasticsearch-%s-%s "%s"`, version, buildHash, escaped)
}
