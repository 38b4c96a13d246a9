package useragent

import "strings"

// programKind tells what else of a header is worth reading.
type programKind uint8

const (
	browser programKind = iota // system and device
	tool                       // no device
	crawler                    // device Spider
)

// programRule recognises one program. The header must hold token, and also with when that is set, and not without.
type programRule struct {
	token   string // its version follows directly, unless versionAfter is set
	name    string
	mobile  string // the name on a phone, when it has another
	kind    programKind
	with    string
	without string
	// versionAfter is the text the version follows, where that is not token (Safari's is behind Version/).
	versionAfter string
	// unreleased is the letter that stands for the third part of the version: 15.0a2.
	unreleased byte
}

// programRules are crawlers and tools. These and browserRules are in order of precedence: a header names all its
// ancestors (Edge also says Chrome and Safari), so what is special stands before what it is derived from.
var programRules = []programRule{
	// Crawlers: AI companies, search engines, previews, monitors.
	{token: "GPTBot/", name: "GPTBot", kind: crawler},
	{token: "OAI-SearchBot/", name: "OAI-SearchBot", kind: crawler},
	{token: "ChatGPT-User/", name: "ChatGPT-User", kind: crawler},
	{token: "ClaudeBot/", name: "ClaudeBot", kind: crawler},
	{token: "Claude-User/", name: "Claude-User", kind: crawler},
	{token: "Claude-SearchBot/", name: "Claude-SearchBot", kind: crawler},
	{token: "PerplexityBot/", name: "PerplexityBot", kind: crawler},
	{token: "Perplexity-User/", name: "Perplexity-User", kind: crawler},
	{token: "meta-externalagent/", name: "meta-externalagent", kind: crawler},
	{token: "Amazonbot/", name: "Amazonbot", kind: crawler},
	{token: "Bytespider", name: "Bytespider", kind: crawler},
	{token: "CCBot/", name: "CCBot", kind: crawler},
	{token: "Googlebot-Image/", name: "Googlebot-Image", kind: crawler},
	{token: "Googlebot-Video/", name: "Googlebot-Video", kind: crawler},
	{token: "Googlebot/", name: "Googlebot", kind: crawler},
	{token: "AdsBot-Google", name: "AdsBot-Google", kind: crawler},
	{token: "Mediapartners-Google", name: "Mediapartners-Google", kind: crawler},
	{token: "FeedFetcher-Google", name: "FeedFetcher-Google", kind: crawler},
	{token: "bingbot/", name: "bingbot", kind: crawler},
	{token: "msnbot/", name: "msnbot", kind: crawler},
	{token: "msnbot-media/", name: "msnbot-media", kind: crawler},
	{token: "Applebot/", name: "Applebot", kind: crawler},
	{token: "YandexBot/", name: "YandexBot", kind: crawler},
	{token: "YandexImages/", name: "YandexImages", kind: crawler},
	{token: "Baiduspider/", name: "Baiduspider", kind: crawler},
	{token: "Baiduspider-image", name: "Baiduspider-image", kind: crawler},
	{token: "DuckDuckBot/", name: "DuckDuckBot", kind: crawler},
	{token: "DuckDuckGo-Favicons-Bot/", name: "DuckDuckBot", kind: crawler},
	{token: "Sogou web spider/", name: "Sogou web spider", kind: crawler},
	{token: "Yahoo! Slurp", name: "Yahoo! Slurp", kind: crawler},
	{token: "AhrefsBot/", name: "AhrefsBot", kind: crawler},
	{token: "SemrushBot/", name: "SemrushBot", kind: crawler},
	{token: "MJ12bot/", name: "MJ12bot", kind: crawler},
	{token: "DotBot/", name: "DotBot", kind: crawler},
	{token: "PetalBot", name: "PetalBot", kind: crawler, versionAfter: "PetalBot/"},
	{token: "facebookexternalhit/", name: "FacebookBot", kind: crawler},
	{token: "Twitterbot/", name: "Twitterbot", kind: crawler},
	{token: "LinkedInBot/", name: "LinkedInBot", kind: crawler},
	{token: "Slackbot", name: "Slackbot", kind: crawler, versionAfter: "Slackbot "},
	{token: "Discordbot/", name: "Discordbot", kind: crawler},
	{token: "TelegramBot", name: "TelegramBot", kind: crawler},
	{token: "WhatsApp/", name: "WhatsApp", kind: crawler},
	{token: "ia_archiver", name: "ia_archiver", kind: crawler},
	{token: "Exabot/", name: "Exabot", kind: crawler},
	{token: "UptimeRobot/", name: "UptimeRobot", kind: crawler},
	{token: "Pingdom.com_bot_version_", name: "PingdomBot", kind: crawler},
	{token: "Feedly/", name: "Feedly", kind: crawler},
	{token: "Tiny Tiny RSS/", name: "Tiny Tiny RSS", kind: crawler},
	{token: "UniversalFeedParser/", name: "UniversalFeedParser", kind: crawler},

	// HTTP clients, SDKs and shells.
	{token: "OpenAI/Python ", name: "OpenAI Python", kind: tool},
	{token: "OpenAI/JS ", name: "OpenAI JS", kind: tool},
	{token: "Anthropic/Python ", name: "Anthropic Python", kind: tool},
	{token: "Anthropic/JS ", name: "Anthropic JS", kind: tool},
	{token: "curl/", name: "curl", kind: tool},
	{token: "Wget/", name: "Wget", kind: tool},
	{token: "HTTPie/", name: "HTTPie", kind: tool},
	{token: "PostmanRuntime/", name: "PostmanRuntime", kind: tool},
	{token: "insomnia/", name: "Insomnia", kind: tool},
	{token: "python-requests/", name: "Python Requests", kind: tool},
	{token: "python-httpx/", name: "Python HTTPX", kind: tool},
	{token: "Python-urllib/", name: "Python-urllib", kind: tool},
	{token: "Python-httplib2/", name: "Python-httplib2", kind: tool},
	{token: "aiohttp/", name: "Python aiohttp", kind: tool},
	{token: "Scrapy/", name: "Scrapy", kind: crawler},
	{token: "Go-http-client/", name: "Go-http-client", kind: tool},
	{token: "Go 1.1 package http", name: "Go-http-client", kind: tool},
	{token: "node-fetch/", name: "node-fetch", kind: tool},
	{token: "axios/", name: "axios", kind: tool},
	{token: "undici", name: "undici", kind: tool, versionAfter: "undici/"},
	{token: "got (", name: "got", kind: tool},
	{token: "Deno/", name: "Deno", kind: tool},
	{token: "Bun/", name: "Bun", kind: tool},
	{token: "okhttp/", name: "okhttp", kind: tool},
	{token: "Apache-HttpClient/", name: "Apache-HttpClient", kind: tool},
	{token: "Dalvik/", name: "Android", kind: browser, versionAfter: "Android "},
	{token: "Java/", name: "Java", kind: tool, without: "Mozilla/"},
	{token: "libwww-perl/", name: "libwww-perl", kind: tool},
	{token: "GuzzleHttp/", name: "GuzzleHttp", kind: tool},
	{token: "Faraday v", name: "Faraday", kind: tool},
	{token: "Ruby", name: "Ruby", kind: tool, without: "Mozilla/"},
	{token: "PowerShell/", name: "PowerShell", kind: tool},
	{token: "git/", name: "git", kind: tool, without: "Mozilla/"},
	{token: "elasticsearch-py/", name: "elasticsearch-py", kind: tool},
	{token: "kube-probe/", name: "kube-probe", kind: tool},
	{token: "Prometheus/", name: "Prometheus", kind: tool},
	{token: "ELB-HealthChecker/", name: "ELB-HealthChecker", kind: tool},
	{token: "GoogleHC/", name: "GoogleHC", kind: tool},
}

// browserRules come after the crawlers and tools, many of which call themselves a browser too.
var browserRules = []programRule{
	// Browsers built on others.
	{token: "EdgiOS/", name: "Edge Mobile"},
	{token: "EdgA/", name: "Edge Mobile"},
	{token: "Edg/", name: "Edge"},
	{token: "Edge/", name: "Edge", mobile: "Edge Mobile"},
	{token: "OPR/", name: "Opera", mobile: "Opera Mobile"},
	{token: "OPiOS/", name: "Opera Mini"},
	{token: "Opera Mini/", name: "Opera Mini"},
	{token: "Opera Mobi", name: "Opera Mobile", versionAfter: "Version/"},
	{token: "Opera/", name: "Opera", with: "Version/", versionAfter: "Version/"},
	{token: "Opera/", name: "Opera"},
	{token: "Opera ", name: "Opera"},
	{token: "SamsungBrowser/", name: "Samsung Internet"},
	{token: "YaBrowser/", name: "Yandex Browser"},
	{token: "UCBrowser/", name: "UC Browser"},
	{token: "Vivaldi/", name: "Vivaldi"},
	{token: "Brave/", name: "Brave"},
	{token: "DuckDuckGo/", name: "DuckDuckGo", mobile: "DuckDuckGo Mobile"},
	{token: "MiuiBrowser/", name: "MiuiBrowser"},
	{token: "Silk/", name: "Amazon Silk"},
	{token: "Puffin/", name: "Puffin"},
	{token: "Maxthon/", name: "Maxthon"},
	{token: "Electron/", name: "Electron"},
	{token: "HeadlessChrome/", name: "HeadlessChrome"},
	{token: "PhantomJS/", name: "PhantomJS"},
	{token: "FBAN/", name: "Facebook", versionAfter: "FBAV/"},
	{token: "Instagram ", name: "Instagram"},
	{token: "CriOS/", name: "Chrome Mobile iOS"},
	{token: "FxiOS/", name: "Firefox iOS"},
	{token: "Seamonkey/", name: "SeaMonkey"},
	{token: "SeaMonkey/", name: "SeaMonkey"},
	{token: "PaleMoon/", name: "Pale Moon"},
	{token: "Iceweasel/", name: "Iceweasel"},
	{token: "Camino/", name: "Camino"},
	{token: "Konqueror/", name: "Konqueror"},
	{token: "Epiphany/", name: "Epiphany"},
	{token: "Thunderbird/", name: "Thunderbird"},
	{token: "Lynx/", name: "Lynx"},
	{token: "Links (", name: "Links"},
	{token: "w3m/", name: "w3m"},

	// The engines' own browsers.
	{token: "Chromium/", name: "Chromium"},
	{token: "; wv)", name: "Chrome Mobile WebView", with: "Chrome/", versionAfter: "Chrome/"},
	{token: "Chrome/", name: "Chrome", mobile: "Chrome Mobile"},
	{token: "Firefox/", name: "Firefox Alpha", unreleased: 'a', without: "Mobile"},
	{token: "Firefox/", name: "Firefox Beta", unreleased: 'b', without: "Mobile"},
	{token: "Firefox/", name: "Firefox", mobile: "Firefox Mobile"},
	{token: "IEMobile/", name: "IE Mobile"},
	{token: "MSIE ", name: "IE"},
	{token: "Trident/", name: "IE", with: "rv:", versionAfter: "rv:"},
	{token: "Android", name: "Android", with: "Version/", versionAfter: "Android "},
	{token: "Safari/", name: "Safari", mobile: "Mobile Safari", with: "Version/", versionAfter: "Version/"},
	{token: "AppleWebKit/", name: "Mobile Safari UI/WKWebView", with: "Mobile/", without: "Safari/", versionAfter: "OS "},
	{token: "Safari/", name: "Safari", mobile: "Mobile Safari"},
	{token: "AppleWebKit/", name: "Apple WebKit"},
	{token: "Gecko/", name: "Gecko"},
}

// apply tells whether the rule fits, and the program's version.
func (r *programRule) apply(header string) (Version, bool) {
	_, after, ok := strings.Cut(header, r.token)
	if !ok || r.with != "" && !strings.Contains(header, r.with) || r.without != "" && strings.Contains(header, r.without) {
		return Version{}, false
	}
	if r.versionAfter != "" {
		if _, after, ok = strings.Cut(header, r.versionAfter); !ok {
			return Version{}, true
		}
	}
	if r.unreleased != 0 {
		return readUnreleased(after, r.unreleased)
	}
	return readVersion(after), true
}

// readUnreleased reads major.minor with a letter and a number behind it: 15.0a2.
func readUnreleased(text string, letter byte) (Version, bool) {
	v := readVersion(text)
	at := len(v[0]) + 1 + len(v[1])
	if v[1] == "" || v[2] != "" || at >= len(text) || text[at] != letter {
		return v, false
	}
	n := digitsAt(text, at+1)
	if n == 0 {
		return v, false
	}
	v[2] = text[at : at+1+n]
	return v, true
}

func (r *programRule) family(header string) string {
	if r.mobile != "" && (strings.Contains(header, "Mobile") || strings.Contains(header, "iPad")) {
		return r.mobile
	}
	return r.name
}

// crawlerWords are in the names of programs that fetch pages on their own.
var crawlerWords = []string{"bot", "spider", "crawl", "fetch", "feed", "archiver", "monitor", "scrape"}

// unlistedCrawler reads the name of a crawler that no rule knows: a word such as archive.org_bot/1.2, or what follows
// "compatible; " with a version and an address.
func unlistedCrawler(header string) (string, Version, bool) {
	for rest := header; rest != ""; {
		n := productName(rest)
		if n == 0 {
			rest = rest[1:]
			continue
		}
		name := rest[:n]
		rest = rest[n:]
		if isCrawlerName(name) {
			return name, versionAfterSlash(rest), true
		}
		if strings.HasPrefix(rest, "://") { // an address is no name
			_, rest, _ = strings.Cut(rest, " ")
		}
	}
	_, after, ok := strings.Cut(header, "(compatible; ")
	if n := productName(after); ok && n > 0 && strings.HasPrefix(after[n:], "/") && strings.ContainsAny(after, "+@") {
		return after[:n], versionAfterSlash(after[n:]), true
	}
	return "", Version{}, false
}

func isCrawlerName(name string) bool {
	lower := strings.ToLower(name)
	if strings.HasPrefix(lower, "cubot") { // a brand of phones
		return false
	}
	for _, word := range crawlerWords {
		if strings.Contains(lower, word) {
			return true
		}
	}
	return false
}

// productName counts the bytes text begins with that stand in a program's name.
func productName(text string) int {
	for i := range len(text) {
		c := text[i]
		if !('a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.') {
			return i
		}
	}
	return len(text)
}

func versionAfterSlash(text string) Version {
	if after, ok := strings.CutPrefix(text, "/"); ok {
		return readVersion(after)
	}
	return Version{}
}

// systemRule recognises an operating system, whose version follows token.
type systemRule struct {
	token, name string
	// names gives the versions that go by another name than their number.
	names map[string]string
}

// windowsNames are the versions of Windows NT by their number. 10 is also what Windows 11 says.
var windowsNames = map[string]string{"10.0": "10", "6.3": "8.1", "6.2": "8", "6.1": "7", "6.0": "Vista", "5.2": "XP",
	"5.1": "XP", "5.01": "2000", "5.0": "2000", "4.0": "NT 4.0"}

// systemRules are in order of precedence: Android also says Linux, Ubuntu too.
var systemRules = []systemRule{
	{token: "Windows Phone OS ", name: "Windows Phone"},
	{token: "Windows Phone ", name: "Windows Phone"},
	{token: "Windows NT ", name: "Windows", names: windowsNames},
	{token: "Windows 98", name: "Windows", names: map[string]string{"": "98"}},
	{token: "Windows 95", name: "Windows", names: map[string]string{"": "95"}},
	{token: "Win64", name: "Windows"},
	{token: "Windows", name: "Windows"},
	{token: "Android ", name: "Android"},
	{token: "Android", name: "Android"},
	{token: "CPU iPhone OS ", name: "iOS"},
	{token: "CPU OS ", name: "iOS"},
	{token: "iPhone OS ", name: "iOS"},
	{token: "iPhone", name: "iOS"},
	{token: "iPad", name: "iOS"},
	{token: "Mac OS X ", name: "Mac OS X"},
	{token: "Mac OS X", name: "Mac OS X"},
	{token: "Macintosh", name: "Mac OS"},
	{token: "Darwin/", name: "Darwin"},
	{token: "CrOS x86_64 ", name: "Chrome OS"},
	{token: "CrOS ", name: "Chrome OS"},
	{token: "Tizen ", name: "Tizen"},
	{token: "KAIOS/", name: "KaiOS"},
	{token: "HarmonyOS", name: "HarmonyOS"},
	{token: "Ubuntu/", name: "Ubuntu"},
	{token: "Ubuntu", name: "Ubuntu"},
	{token: "Debian", name: "Debian"},
	{token: "Fedora/", name: "Fedora"},
	{token: "CentOS", name: "CentOS"},
	{token: "Gentoo", name: "Gentoo"},
	{token: "FreeBSD ", name: "FreeBSD"},
	{token: "FreeBSD", name: "FreeBSD"},
	{token: "OpenBSD", name: "OpenBSD"},
	{token: "NetBSD", name: "NetBSD"},
	{token: "SunOS", name: "Solaris"},
	{token: "BlackBerry", name: "BlackBerry OS"},
	{token: "SymbianOS/", name: "Symbian OS"},
	{token: "Linux", name: "Linux"},
	{token: "linux", name: "Linux"},
}

func parseSystem(header string) (string, Version) {
	for i := range systemRules {
		r := &systemRules[i]
		_, after, ok := strings.Cut(header, r.token)
		if !ok {
			continue
		}
		v := readVersion(after)
		if r.names == nil {
			return r.name, v
		}
		if name, ok := r.names[v.String()]; ok {
			if major, minor, ok := strings.Cut(name, "."); ok {
				return r.name, Version{major, minor}
			}
			return r.name, Version{name}
		}
		return r.name, v
	}
	return "Other", Version{}
}

// deviceRules recognise a device by a text that names it.
var deviceRules = []struct{ token, name string }{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"iPod", "iPod"}, {"Macintosh", "Mac"},
	{"PlayStation 5", "PlayStation 5"}, {"PlayStation 4", "PlayStation 4"}, {"Xbox", "Xbox"}, {"Nintendo Switch", "Nintendo Switch"},
	{"AppleTV", "AppleTV"}, {"SMART-TV", "Smart TV"}, {"SmartTV", "Smart TV"}, {"BlackBerry", "BlackBerry"},
}

// deviceBrands are put before the models that begin so.
var deviceBrands = []struct{ prefix, brand string }{
	{"SM-", "Samsung "}, {"GT-", "Samsung "}, {"SAMSUNG ", ""}, {"LG-", "LG "}, {"LM-", "LG "}, {"moto", "Motorola "},
	{"Redmi", "XiaoMi "}, {"Mi ", "XiaoMi "}, {"CPH", "Oppo "}, {"ONEPLUS", "OnePlus "}, {"HUAWEI", ""}, {"Nokia", ""},
}

func parseDevice(header string) string {
	for _, r := range deviceRules {
		if strings.Contains(header, r.token) {
			return r.name
		}
	}
	_, after, ok := strings.Cut(header, "Android")
	if !ok {
		return "Other"
	}
	model := androidModel(after)
	switch {
	case model == "" && strings.Contains(header, "Mobile"):
		return "Generic Smartphone"
	case model == "":
		return "Generic Tablet"
	case model == "K": // what Chrome says in place of a model since it stopped to tell
		return "K"
	}
	for _, b := range deviceBrands {
		if strings.HasPrefix(model, b.prefix) {
			return b.brand + model
		}
	}
	return model
}

// androidModel reads the model out of "10; SM-G960F Build/QP1A) ...": the last part before Build/ or the parenthesis that
// is no language or flag.
func androidModel(text string) string {
	comment, _, _ := strings.Cut(text, ")")
	parts := strings.Split(comment, ";")
	for i := len(parts) - 1; i > 0; i-- {
		part, _, _ := strings.Cut(parts[i], "Build/")
		part = strings.TrimSpace(part)
		switch {
		case part == "" || part == "wv" || part == "U" || part == "Mobile" || part == "Tablet" || strings.HasPrefix(part, "rv:"):
		case len(part) == 5 && (part[2] == '-' || part[2] == '_'): // en-us
		default:
			return part
		}
	}
	return ""
}
