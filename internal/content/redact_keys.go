package content

import (
	"encoding/base64"
	"strings"
)

// keyForm is how a vendor's keys look: a prefix, then at least min bytes of letters, digits and those of more.
type keyForm struct {
	prefix string
	min    int
	exact  int // when not 0: exactly so many
	more   string
}

// keyForms are the keys of the usual vendors, from their public documentation. Longer prefixes stand first.
var keyForms = []keyForm{
	{prefix: "sk-ant-", min: 20, more: "-_"}, {prefix: "sk-proj-", min: 20, more: "-_"}, {prefix: "sk-svcacct-", min: 20, more: "-_"}, {prefix: "sk-admin-", min: 20, more: "-_"},
	{prefix: "sk-or-v1-", min: 32}, {prefix: "sk-lf-", min: 20, more: "-"}, {prefix: "pk-lf-", min: 20, more: "-"}, {prefix: "sk-", min: 20, more: "-_"},
	{prefix: "ghp_", min: 30}, {prefix: "gho_", min: 30}, {prefix: "ghu_", min: 30}, {prefix: "ghs_", min: 30}, {prefix: "ghr_", min: 30}, {prefix: "github_pat_", min: 22, more: "_"},
	{prefix: "glpat-", min: 20, more: "-_"}, {prefix: "gldt-", min: 20, more: "-_"}, {prefix: "glrt-", min: 20, more: "-_"},
	{prefix: "xoxb-", min: 20, more: "-"}, {prefix: "xoxp-", min: 20, more: "-"}, {prefix: "xoxa-", min: 20, more: "-"}, {prefix: "xoxr-", min: 20, more: "-"}, {prefix: "xoxs-", min: 20, more: "-"}, {prefix: "xapp-", min: 20, more: "-"},
	{prefix: "sk_live_", min: 16}, {prefix: "sk_test_", min: 16}, {prefix: "rk_live_", min: 16}, {prefix: "rk_test_", min: 16}, {prefix: "whsec_", min: 20, more: "+/="},
	{prefix: "AKIA", exact: 16}, {prefix: "ASIA", exact: 16}, {prefix: "ABIA", exact: 16}, {prefix: "ACCA", exact: 16},
	{prefix: "AIza", exact: 35, more: "-_"}, {prefix: "ya29.", min: 20, more: "-_"}, {prefix: "GOCSPX-", min: 20, more: "-_"},
	{prefix: "hf_", min: 30}, {prefix: "gsk_", min: 40}, {prefix: "xai-", min: 40}, {prefix: "pplx-", min: 40}, {prefix: "r8_", min: 30}, {prefix: "fw_", min: 22}, {prefix: "nvapi-", min: 40, more: "-_"},
	{prefix: "pcsk_", min: 40, more: "_"}, {prefix: "lsv2_", min: 32, more: "_"}, {prefix: "ntn_", min: 40}, {prefix: "lin_api_", min: 32},
	{prefix: "SG.", min: 60, more: "-_."}, {prefix: "npm_", min: 36}, {prefix: "pypi-", min: 50, more: "-_"}, {prefix: "dckr_pat_", min: 20, more: "-_"}, {prefix: "dop_v1_", min: 40}, {prefix: "doo_v1_", min: 40},
	{prefix: "shpat_", min: 32}, {prefix: "shpss_", min: 32}, {prefix: "dapi", exact: 32}, {prefix: "hvs.", min: 20, more: "-_"}, {prefix: "hvb.", min: 20, more: "-_"}, {prefix: "glsa_", min: 32, more: "_"}, {prefix: "glc_", min: 32, more: "+/="},
	{prefix: "NRAK-", min: 20}, {prefix: "ATATT3", min: 40, more: "-_="}, {prefix: "sbp_", min: 40}, {prefix: "rpa_", min: 30}, {prefix: "tvly-", min: 20, more: "-"}, {prefix: "key-", exact: 32},
}

// formsByByte are the forms by their first byte.
var formsByByte = func() (t [256][]keyForm) {
	for _, f := range keyForms {
		t[f.prefix[0]] = append(t[f.prefix[0]], f)
	}
	return t
}()

// maxKeyBytes bounds a key: so far is looked from each place where one can begin.
const maxKeyBytes = 512

// apiKey finds a vendor's key at i; 0 when there is none.
func apiKey(text string, i int) int {
	for _, f := range formsByByte[text[i]] {
		if !strings.HasPrefix(text[i:], f.prefix) {
			continue
		}
		start := i + len(f.prefix)
		end, digits, letters := start, 0, 0
		for end < len(text) && end-start < maxKeyBytes && (isAlnum(text[end]) || f.more != "" && strings.IndexByte(f.more, text[end]) >= 0) {
			switch {
			case isDigit(text[end]):
				digits++
			case isAlnum(text[end]):
				letters++
			}
			end++
		}
		switch n := end - start; {
		case f.exact > 0 && n != f.exact, n < f.min:
		case digits == 0 || letters == 0 && n < 30: // a word with dashes, such as sk-learn-something-else
		default:
			return end
		}
	}
	return 0
}

// jsonWebToken finds header.payload.signature, where the header is base64url of a JSON object. The signature may be missing.
func jsonWebToken(text string, i int) int {
	isToken := func(c byte) bool { return isAlnum(c) || c == '-' || c == '_' }
	dot := i
	for dot < len(text) && dot-i < maxKeyBytes && isToken(text[dot]) {
		dot++
	}
	if dot-i < 10 || dot == len(text) || text[dot] != '.' {
		return 0
	}
	header, err := base64.RawURLEncoding.DecodeString(text[i:dot])
	if err != nil || header[0] != '{' || !strings.Contains(string(header), `"alg"`) {
		return 0
	}
	end, dots := dot+1, 1
	for end < len(text) && (isToken(text[end]) || text[end] == '.' && dots < 2 && end > dot+1) {
		if text[end] == '.' {
			dots++
		}
		end++
	}
	if dots < 2 {
		return 0
	}
	return end
}

// secretWords are names before = or : whose value is a secret.
var secretWords = []string{"password", "passwd", "passphrase", "pwd", "secret", "client_secret", "client-secret", "api_key", "api-key", "apikey", "access_token", "access-token", "refresh_token", "auth_token", "accountkey", "sharedaccesskey", "x-api-key", "private_key", "session_token", "aws_secret_access_key", "token", "authorization"}

// secretWordsByByte are those by their first letter.
var secretWordsByByte = func() (t [256][]string) {
	for _, w := range secretWords {
		t[w[0]] = append(t[w[0]], w)
		t[w[0]-0x20] = append(t[w[0]-0x20], w)
	}
	return t
}()

// credential finds the token of "Bearer …" and "Basic …", and the value of password=… and the like.
func credential(text string, i int) (found1, bool) {
	if text[i]|0x20 == 'b' && (hasFold(text[i:], "bearer ") || hasFold(text[i:], "basic ")) {
		start := i + strings.IndexByte(text[i:], ' ') + 1
		end := start
		for end < len(text) && (isAlnum(text[end]) || strings.IndexByte("-._~+/=", text[end]) >= 0) {
			end++
		}
		if looksRandom(text[start:end]) {
			return found1{start, end, kindCredential}, true
		}
		return found1{}, false
	}
	for _, w := range secretWordsByByte[text[i]] {
		if len(text) > i+1 && text[i+1]|0x20 == w[1] && hasFold(text[i:], w) {
			if f, ok := assigned(text, i+len(w)); ok {
				return f, true
			}
		}
	}
	return found1{}, false
}

// looksRandom tells a token from a word that follows "basic" or "bearer" in a sentence.
func looksRandom(token string) bool {
	if len(token) < 8 {
		return false
	}
	if len(token) >= 24 || strings.HasSuffix(token, "=") {
		return true
	}
	return strings.ContainsAny(token, "0123456789")
}

func hasFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}

// assigned finds the value after a name: =x, : x, "x" with quotes that may be escaped.
func assigned(text string, at int) (found1, bool) {
	at = skipQuote(text, at)
	for at < len(text) && text[at] == ' ' {
		at++
	}
	if at >= len(text) || text[at] != '=' && text[at] != ':' {
		return found1{}, false
	}
	colon := text[at] == ':'
	at++
	for at < len(text) && (text[at] == ' ' || text[at] == '>') {
		at++
	}
	start := skipQuote(text, at)
	end := start
	if start > at { // in quotes: up to the same quote
		quote := text[start-1]
		for end < len(text) && text[end] != quote {
			end++
		}
		if end > start && text[end-1] == '\\' {
			end--
		}
	} else {
		for end < len(text) && text[end] > ' ' && strings.IndexByte(`,;&"'<>)}]`, text[end]) < 0 {
			end++
		}
	}
	value := text[start:end]
	if scheme := schemeLength(text[start:]); scheme > 0 { // authorization: Bearer x
		start += scheme
		for end = start; end < len(text) && text[end] > ' ' && text[end] != '"' && text[end] != '\''; end++ {
		}
		value = text[start:end]
	}
	switch {
	case len(value) < 3, value == "null", value == "nil", value == "None", value == "true", value == "false", value == "undefined":
		return found1{}, false
	case colon && start == at && !strings.ContainsAny(value, "0123456789") && len(value) < 12: // a word of a sentence: "password: wrong"
		return found1{}, false
	}
	return found1{start, end, kindCredential}, true
}

func skipQuote(text string, at int) int {
	if at+1 < len(text) && text[at] == '\\' && text[at+1] == '"' {
		return at + 2
	}
	if at < len(text) && (text[at] == '"' || text[at] == '\'') {
		return at + 1
	}
	return at
}

// schemeLength is that of "Bearer " and its like.
func schemeLength(text string) int {
	for _, scheme := range []string{"bearer ", "basic ", "token ", "apikey "} {
		if hasFold(text, scheme) {
			return len(scheme)
		}
	}
	return 0
}
