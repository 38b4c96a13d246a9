package monitor

import (
	"fmt"
	"net/http"
	"strconv"
)

const (
	defaultLetters = 100
	maxLetters     = 10_000 // of one answer: each may be a large event
)

// letters lists dead letters. It is the program's own, as is replay.
func (h *handler) letters(w http.ResponseWriter, r *http.Request) {
	size := defaultLetters
	if text := r.URL.Query().Get("size"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxLetters {
			fail(w, http.StatusBadRequest, fmt.Sprintf("size wants a whole number from 1 to %d, not %q", maxLetters, text))
			return
		}
		size = n
	}
	letters, err := h.source.Letters(r.PathValue("id"), size)
	if err != nil {
		fail(w, http.StatusInternalServerError, err.Error())
		return
	}
	h.answer(w, r, map[string]any{"dead_letters": letters})
}

func (h *handler) replay(w http.ResponseWriter, r *http.Request) {
	n, err := h.source.Replay(r.Context(), r.PathValue("id"), r.URL.Query().Get("filters") == "true")
	if err != nil {
		fail(w, http.StatusConflict, err.Error())
		return
	}
	h.answer(w, r, map[string]any{"replayed": n})
}
