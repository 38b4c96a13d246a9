package api

import (
	"mime"
	"net/http"
	"strings"

	"elkhorn/internal/es/eserr"
)

const (
	mediaJSON = "application/json"
	mediaText = "text/plain; charset=UTF-8"
)

// negotiate reads what the client sends and wants. Types of JSON and NDJSON pass in every spelling,
// with compatible-with 7, 8 and 9; others are refused by name.
func (c *call) negotiate() error {
	c.query = c.req.URL.Query()
	if sent := c.req.Header.Get("Content-Type"); sent != "" && c.req.ContentLength != 0 {
		media, _, err := mime.ParseMediaType(sent)
		c.yamlBody = isYAMLType(media)
		if err != nil || !isJSONType(media) && !c.yamlBody {
			return eserr.New(http.StatusNotAcceptable, "media_type_header_exception", "Content-Type header [%s] is not supported", sent)
		}
	}
	refused, taken := "", false
	for want := range strings.SplitSeq(c.req.Header.Get("Accept"), ",") {
		media, params, err := mime.ParseMediaType(want)
		switch {
		case err != nil:
		case refusedType(media) != "":
			refused = media
			continue
		case isYAMLType(media):
			c.yaml = c.yaml || !taken
			taken = true
		default:
			taken = true
		}
		if err != nil || !strings.HasPrefix(media, "application/vnd.elasticsearch+") {
			continue
		}
		version := params["compatible-with"]
		switch version {
		case "", "7", "8", "9":
			c.compatible = version
		default:
			return eserr.New(http.StatusBadRequest, "media_type_header_exception",
				"A compatible version is required on Accept header [%s]: 7, 8 and 9 are supported", want)
		}
	}
	if refused != "" && !taken {
		return eserr.New(http.StatusNotAcceptable, "media_type_header_exception", "Accept header [%s] is not supported: application/json and application/yaml are", refused)
	}
	return nil
}

func isJSONType(media string) bool {
	switch media {
	case "application/json", "application/x-ndjson", "application/ndjson",
		"application/vnd.elasticsearch+json", "application/vnd.elasticsearch+x-ndjson":
		return true
	}
	return false
}

// contentType is the type of an answer that is no plain text, in the form the client asked for.
func (c *call) contentType() string {
	switch {
	case c.yaml && c.compatible == "":
		return mediaYAML
	case c.yaml:
		return mediaVendorYAML + ";compatible-with=" + c.compatible
	}
	if c.compatible == "" {
		return mediaJSON
	}
	return "application/vnd.elasticsearch+json;compatible-with=" + c.compatible
}
