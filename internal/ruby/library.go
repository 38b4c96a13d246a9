package ruby

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
)

// requirable are the names that require accepts: what programs use of them is always there.
var requirable = map[string]bool{
	"json": true, "time": true, "date": true, "digest": true, "digest/md5": true, "digest/sha1": true, "digest/sha2": true,
	"base64": true, "cgi": true, "socket": true, "csv": true, "ipaddr": true, "addressable/uri": true, "uri": true, "set": true, "securerandom": true, "logstash/event": true, "logstash/timestamp": true,
}

// libraryMethods are the parts of Ruby's standard library that pipelines use.
var libraryMethods = map[string]*method{
	"Random.rand":                   {0, 1, 0, randomNumber},
	"SecureRandom.uuid":             {0, 0, 0, randomUUID},
	"SecureRandom.hex":              {0, 1, 0, randomHex},
	"JSON.parse":                    {1, 2, 0, parseJSON},
	"JSON.generate":                 {1, 1, 0, func(c *call) (Value, error) { return printJSON(c.fr, c.args[0]) }},
	"LogStash::Json.load":           {1, 1, 0, parseJSON},
	"LogStash::Json.dump":           {1, 1, 0, func(c *call) (Value, error) { return printJSON(c.fr, c.args[0]) }},
	"Digest::MD5.hexdigest":         hexDigest(func(b []byte) []byte { s := md5.Sum(b); return s[:] }),
	"Digest::SHA1.hexdigest":        hexDigest(func(b []byte) []byte { s := sha1.Sum(b); return s[:] }),
	"Digest::SHA256.hexdigest":      hexDigest(func(b []byte) []byte { s := sha256.Sum256(b); return s[:] }),
	"Digest::SHA512.hexdigest":      hexDigest(func(b []byte) []byte { s := sha512.Sum512(b); return s[:] }),
	"Base64.strict_encode64":        textFunction(func(s string) (string, error) { return base64.StdEncoding.EncodeToString([]byte(s)), nil }),
	"Base64.urlsafe_encode64":       textFunction(func(s string) (string, error) { return base64.URLEncoding.EncodeToString([]byte(s)), nil }),
	"Base64.decode64":               textFunction(decodeLenient),
	"Base64.strict_decode64":        textFunction(decodeStrict),
	"CGI.unescape":                  textFunction(url.QueryUnescape),
	"CGI.escape":                    textFunction(func(s string) (string, error) { return url.QueryEscape(s), nil }),
	"URI.decode_www_form_component": textFunction(url.QueryUnescape),
	"File.basename":                 {1, 2, 0, fileBaseName},
	"File.dirname":                  textFunction(func(s string) (string, error) { return fileFolder(s), nil }),
	"File.extname":                  textFunction(func(s string) (string, error) { return fileExtension(s), nil }),
	"CSV.parse_line":                {1, 1, 0, func(c *call) (Value, error) { return csvLine(c.fr, c.args[0]) }},
	"URI.parse":                     {1, 1, 0, func(c *call) (Value, error) { return parseURI(c, "URI::InvalidURIError") }},
	"Addressable::URI.parse":        {1, 1, 0, func(c *call) (Value, error) { return parseURI(c, "Addressable::URI::InvalidURIError") }},
	"Marshal.dump":                  {1, 1, 0, deepCopy},
	"Marshal.load":                  {1, 1, 0, deepCopy},
	"IPAddr.new":                    {1, 1, 0, newIPAddr},
	"Socket.gethostname":            {0, 0, 0, hostName},
	"URI.encode_www_form_component": textFunction(func(s string) (string, error) { return url.QueryEscape(s), nil }),
}

// libraryModules are the modules that libraryMethods belong to.
var libraryModules = func() map[string]bool {
	modules := map[string]bool{}
	for name := range libraryMethods {
		module, _, _ := strings.Cut(name, ".")
		modules[module] = true
	}
	return modules
}()

func textFunction(f func(string) (string, error)) *method {
	return &method{1, 1, 0, func(c *call) (Value, error) {
		s, err := textArg(c.args[0])
		if err != nil {
			return nil, err
		}
		out, err := f(s)
		if err != nil {
			return nil, argumentErrorf("%v", err)
		}
		return out, c.fr.grow(len(out))
	}}
}

func hexDigest(sum func([]byte) []byte) *method {
	return textFunction(func(s string) (string, error) { return hex.EncodeToString(sum([]byte(s))), nil })
}

// decodeLenient is decode64, which passes over what is not Base64 and stops at the end of the data.
func decodeLenient(s string) (string, error) {
	s = strings.Map(func(r rune) rune {
		if r < 0x80 && (isNameByte(byte(r)) && r != '_' || r == '+' || r == '/') {
			return r
		}
		return -1
	}, s)
	out, err := base64.RawStdEncoding.DecodeString(s[:len(s)-boolInt(len(s)%4 == 1)])
	return string(out), err
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func decodeStrict(s string) (string, error) {
	out, err := base64.StdEncoding.DecodeString(s)
	return string(out), err
}

func parseJSON(c *call) (Value, error) {
	s, err := textArg(c.args[0])
	if err != nil {
		return nil, err
	}
	if err := c.fr.grow(8 * len(s)); err != nil { // a value is larger than its text
		return nil, err
	}
	v, err := c.fr.host.ParseJSON(s)
	if err != nil {
		return nil, raisef("JSON::ParserError", "%v", err)
	}
	if len(c.args) == 2 {
		if options, ok := c.args[1].(*Hash); ok {
			if symbolize, _ := options.Get(Symbol("symbolize_names")); truthy(symbolize) {
				return symbolKeys(v), nil
			}
		}
	}
	return v, nil
}

// symbolKeys turns the keys of all hashes of a parsed value into symbols.
func symbolKeys(v Value) Value {
	switch v := v.(type) {
	case *Array:
		for i, item := range v.Items {
			v.Items[i] = symbolKeys(item)
		}
	case *Hash:
		out := NewHash()
		for i := range v.Len() {
			k, item := v.At(i)
			if s, ok := k.(string); ok {
				k = Symbol(s)
			}
			out.Set(k, symbolKeys(item))
		}
		return out
	}
	return v
}

func printJSON(fr *frame, v Value) (Value, error) {
	s, err := fr.host.PrintJSON(v)
	if err != nil {
		return nil, typeErrorf("%v", err)
	}
	return s, fr.grow(len(s))
}
