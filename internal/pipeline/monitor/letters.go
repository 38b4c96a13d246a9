package monitor

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

const (
	defaultLetters = 100
	maxLetters     = 10_000 // of one answer: each may be a large event
	// maxLetterBytes bounds an event that is sent in place of a letter's, as the largest document.
	maxLetterBytes = 100 << 20
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

// mended is the body of a replay of one letter: what it is to be instead, where it is to be something else.
type mended struct {
	Event    json.RawMessage `json:"event"`
	Metadata json.RawMessage `json:"metadata"`
}

// replayLetter writes one letter again, as it is or as the body says, and takes it out once it is safe.
func (h *handler) replayLetter(w http.ResponseWriter, r *http.Request) {
	var body mended
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxLetterBytes)).Decode(&body)
	if err != nil && !errors.Is(err, io.EOF) { // no body at all is the letter as it is
		fail(w, http.StatusBadRequest, "the body wants {\"event\": {…}}: "+err.Error())
		return
	}
	if err := h.source.ReplayLetter(r.Context(), r.PathValue("id"), r.PathValue("letter"), r.URL.Query().Get("filters") == "true", body.Event, body.Metadata); err != nil {
		letterFault(w, err)
		return
	}
	h.answer(w, r, map[string]any{"replayed": 1})
}

// deleteLetters takes out one letter or all of a pipeline.
func (h *handler) deleteLetters(w http.ResponseWriter, r *http.Request) {
	n, err := h.source.DeleteLetter(r.PathValue("id"), r.PathValue("letter"))
	if err != nil {
		letterFault(w, err)
		return
	}
	h.answer(w, r, map[string]any{"deleted": n})
}

func letterFault(w http.ResponseWriter, err error) {
	if errors.Is(err, ErrNoLetter) {
		fail(w, http.StatusNotFound, err.Error())
		return
	}
	fail(w, http.StatusConflict, err.Error())
}
