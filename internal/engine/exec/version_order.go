package exec

import (
	"bytes"
	"encoding/binary"
	"regexp"
)

// Values of fields of type version are texts that are in the order of software versions: numbers by their size, releases behind
// what comes before them (1.0.0-beta.2 before 1.0.0), and whatever is no version behind all that are, in the order of its letters.

// versionParts takes a version apart: numbers with dots, what stands before the release, and what is told of the build.
var versionParts = regexp.MustCompile(`^((?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*)` +
	`(?:-((?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?` +
	`(\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$`)

// The bytes that begin the parts of what versions are compared as. They are below all that versions are written with.
const (
	versionNumber     = 1 // a number: the count of its digits, and these
	versionPreRelease = 2
	versionRelease    = 3
	versionValid      = 1
	versionInvalid    = 2
)

// versionOrder is what a version is compared as, byte by byte. It returns memory of its own.
func versionOrder(version []byte) []byte {
	parts := versionParts.FindSubmatch(version)
	if parts == nil {
		return append([]byte{versionInvalid}, version...)
	}
	out := appendNumbers([]byte{versionValid}, parts[1])
	if parts[2] == nil {
		out = append(out, versionRelease)
	} else {
		out = appendNumbers(append(out, versionPreRelease), parts[2])
	}
	return append(out, parts[3]...)
}

// appendNumbers writes parts with dots between them; those that are numbers with the count of their digits.
func appendNumbers(dst, parts []byte) []byte {
	first := true
	for part := range bytes.SplitSeq(parts, []byte(".")) {
		if !first {
			dst = append(dst, '.')
		}
		first = false
		if len(bytes.Trim(part, "0123456789")) == 0 {
			dst = append(dst, versionNumber)
			dst = binary.BigEndian.AppendUint32(dst, uint32(len(part)))
		}
		dst = append(dst, part...)
	}
	return dst
}

// versionSort is versionOrder with the version itself behind it, and how long that is, so that it can be printed.
func versionSort(version []byte) []byte {
	out := append(append(versionOrder(version), 0), version...) // the 0 is below all that goes on with a longer version
	return binary.BigEndian.AppendUint32(out, uint32(len(version)))
}

// versionOf is the version of what versionSort made.
func versionOf(sorted []byte) []byte {
	end := len(sorted) - 4
	return sorted[end-int(binary.BigEndian.Uint32(sorted[end:])) : end]
}
