package ui

import (
	"embed"
	"io/fs"
	"net/http"
)

// The build of the application. `all:` also takes the placeholder whose name
// begins with a dot, so that the folder exists in a fresh clone.
//
//go:embed all:dist
var dist embed.FS

// Handler serves the built application. Paths that name no file and look like
// a page of the application answer index.html, so that every view has an
// address that can be opened directly; other unknown paths answer 404. Methods
// other than GET and HEAD answer 405.
func Handler() http.Handler {
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		// "dist" is a constant and a valid path: only a broken build gets here.
		panic("ui: " + err.Error())
	}
	return newHandler(built)
}
