package engine

import (
	"crypto/rand"
	"encoding/base64"
)

// newUUID makes a random identifier in Elasticsearch's form: 16 bytes in URL-safe base64, 22
// characters, never beginning with a dash, which command lines take for an option.
func newUUID() string {
	for {
		var raw [16]byte
		rand.Read(raw[:]) // never fails: crypto/rand ends the process where there is no randomness
		if text := base64.RawURLEncoding.EncodeToString(raw[:]); text[0] != '-' && text[0] != '_' {
			return text
		}
	}
}
