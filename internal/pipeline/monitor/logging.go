package monitor

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// maxLoggingBytes bounds a request that sets levels: real ones name a few loggers.
const maxLoggingBytes = 64 << 10

// wholeLog are the loggers that mean all of the log, which here is one: Logstash's root and the parent of its own.
var wholeLog = []string{"logger.", "logger.root", "logger.logstash", "logger.org.logstash"}

// setLogging changes levels by logger, as {"logger.root": "DEBUG"}.
func (h *handler) setLogging(w http.ResponseWriter, r *http.Request) {
	var levels map[string]string
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxLoggingBytes)).Decode(&levels); err != nil {
		fail(w, http.StatusBadRequest, fmt.Sprintf(`wants a level by logger, such as {"logger.root":"DEBUG"}: %v`, err))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(levels)) {
		switch {
		case !strings.HasPrefix(name, "logger."):
			fail(w, http.StatusBadRequest, fmt.Sprintf("unrecognized option [%s]", name))
			return
		case !slices.Contains(wholeLog, name):
			fail(w, http.StatusBadRequest, fmt.Sprintf("%s has no level of its own: there is one log, set logger.root", name))
			return
		}
	}
	for _, name := range slices.Sorted(maps.Keys(levels)) {
		if err := h.source.SetLogLevel(levels[name]); err != nil {
			fail(w, http.StatusBadRequest, err.Error())
			return
		}
	}
	h.answer(w, r, map[string]any{"acknowledged": true})
}

// resetLogging goes back to the level that the process started with.
func (h *handler) resetLogging(w http.ResponseWriter, r *http.Request) {
	if err := h.source.SetLogLevel(""); err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	h.answer(w, r, map[string]any{"acknowledged": true})
}
