package runtime

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
)

// hostOnly is an address as the log shows it: what stands before the host in a URL may be a password.
func hostOnly(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return u.Host
}

// withoutURL is an error of an HTTP client without the URL, which may hold a password.
func withoutURL(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// encodedKey is an API key as the header wants it; one that is encoded already has no colon.
func encodedKey(key string) string {
	if !strings.Contains(key, ":") {
		return key
	}
	return base64.StdEncoding.EncodeToString([]byte(key))
}
