package useragent

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ header, name, version, os, osVersion, device string }{
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36", "Chrome", "120.0.0.0", "Mac OS X", "10.15.7", "Mac"},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.6167.85 Safari/537.36 Edg/121.0.2277.83", "Edge", "121.0.2277.83", "Windows", "10", "Other"},
		{"Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0) like Gecko", "IE", "11.0", "Windows", "8.1", "Other"},
		{"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)", "IE", "6.0", "Windows", "XP", "Other"},
		{"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:122.0) Gecko/20100101 Firefox/122.0", "Firefox", "122.0", "Ubuntu", "", "Other"},
		{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/119.0.6045.9 Safari/537.36", "HeadlessChrome", "119.0.6045.9", "Linux", "", "Other"},
		{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Safari/605.1.15", "Safari", "17.2", "Mac OS X", "10.15.7", "Mac"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1", "Mobile Safari", "17.2", "iOS", "17.2.1", "iPhone"},
		{"Mozilla/5.0 (iPad; CPU OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/120.0.6099.119 Mobile/15E148 Safari/604.1", "Chrome Mobile iOS", "120.0.6099.119", "iOS", "16.5", "iPad"},
		{"Mozilla/5.0 (Linux; Android 13; SM-S901B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36", "Chrome Mobile", "120.0.0.0", "Android", "13", "Samsung SM-S901B"},
		{"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36", "Samsung Internet", "23.0", "Android", "10", "K"},
		{"Mozilla/5.0 (Linux; U; Android 4.0.3; en-us; GT-P5100 Build/IML74K) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Safari/534.30", "Android", "4.0.3", "Android", "4.0.3", "Samsung GT-P5100"},
		{"Mozilla/5.0 (Linux; Android 9; CUBOT X19 Build/PPR1; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/74.0 Mobile Safari/537.36", "Chrome Mobile WebView", "74.0", "Android", "9", "CUBOT X19"},
		{"Mozilla/5.0 (Android 13; Mobile; rv:121.0) Gecko/121.0 Firefox/121.0", "Firefox Mobile", "121.0", "Android", "13", "Generic Smartphone"},
		{"Mozilla/5.0 (Windows NT 6.1; rv:15.0) Gecko/20120716 Firefox/15.0a2", "Firefox Alpha", "15.0.a2", "Windows", "7", "Other"},
		{"Mozilla/5.0 (Windows NT 6.1; rv:15.0) Gecko/20120716 Firefox/15.0b", "Firefox", "15.0", "Windows", "7", "Other"},
		{"Opera/9.80 (Windows NT 6.1; U; en) Presto/2.10.229 Version/11.62", "Opera", "11.62", "Windows", "7", "Other"},
		{"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", "2.1", "Other", "", "Spider"},
		{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.0; +https://openai.com/gptbot)", "GPTBot", "1.0", "Other", "", "Spider"},
		{"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot", "ChatGPT-User", "1.0", "Other", "", "Spider"},
		{"Mozilla/5.0 (compatible; archive.org_bot +http://www.archive.org/details/archive.org_bot)", "archive.org_bot", "", "Other", "", "Spider"},
		{"Mozilla/5.0 (compatible; Ezooms/1.0; help@moz.com)", "Ezooms", "1.0", "Other", "", "Spider"},
		{"python-requests/2.31.0", "Python Requests", "2.31.0", "Other", "", "Other"},
		{"Python/3.11 aiohttp/3.9.1", "Python aiohttp", "3.9.1", "Other", "", "Other"},
		{"OpenAI/Python 1.12.0", "OpenAI Python", "1.12.0", "Other", "", "Other"},
		{"Go-http-client/1.1", "Go-http-client", "1.1", "Other", "", "Other"},
		{"curl/7.29.0", "curl", "7.29.0", "Other", "", "Other"},
		{"Wget/1.21.2 (linux-gnu)", "Wget", "1.21.2", "Linux", "", "Other"},
		{"kube-probe/1.28", "kube-probe", "1.28", "Other", "", "Other"},
		{"-", "Other", "", "Other", "", "Other"},
		{"", "Other", "", "Other", "", "Other"},
	} {
		a := Parse(c.header)
		got := []string{a.Name, a.Version.String(), a.OS, a.OSVersion.String(), a.Device}
		want := []string{c.name, c.version, c.os, c.osVersion, c.device}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s:\ngot  %q\nwant %q", c.header, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("Mozilla/5.0 (Linux; Android 13; SM-S901B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36")
	f.Add("Mozilla/5.0 (compatible; archive.org_bot +http://www.archive.org/details/archive.org_bot)")
	f.Fuzz(func(t *testing.T, header string) {
		if a := Parse(header); a.Name == "" || a.OS == "" || a.Device == "" {
			t.Errorf("%q: %+v", header, a)
		}
	})
}
