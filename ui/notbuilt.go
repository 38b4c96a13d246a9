package ui

import (
	"html"
	"strings"
)

// notBuiltPage is what a browser gets from a binary without the application.
// It carries no style sheet, since the content policy allows none inline.
func notBuiltPage(reason string) []byte {
	return []byte(strings.ReplaceAll(notBuilt, "{reason}", html.EscapeString(reason)))
}

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Elkhorn: UI not built</title>
<h1>UI not built</h1>
<p>{reason}</p>
<p>Run <code>make ui</code> (it needs Node 20.19 or newer), then build and start <code>elkhorn</code> again.</p>
<p>Everything else works: the Elasticsearch API answers on its own port, and under <a href="/es/">/es/</a> here.</p>
</html>
`
