package harvest

import (
	"log/slog"
	"path/filepath"
	"sync"

	"github.com/fsnotify/fsnotify"
)

// watcher reports changes that the operating system tells of. It may be silent for good: network and overlay mounts tell
// nothing, and the number of watches is limited. Polling finds what it misses.
type watcher struct {
	written chan string   // path of a file that grew
	renamed chan struct{} // capacity 1: names in a watched folder changed

	logger  *slog.Logger
	notify  *fsnotify.Watcher // nil when there is none
	folders map[string]bool
	done    sync.WaitGroup
	closing chan struct{}
}

func (p *prospector) newWatcher() *watcher {
	w := &watcher{
		written: make(chan string),
		renamed: make(chan struct{}, 1),
		logger:  p.logger,
		folders: make(map[string]bool),
		closing: make(chan struct{}),
	}
	if !p.env.Watch {
		return w
	}
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		w.logger.Warn("changes are found by polling alone", "error", err)
		return w
	}
	w.notify = notify
	w.done.Go(w.run)
	return w
}

// watch begins to watch a folder. A file's folder is watched rather than the file, so that new names are noticed too.
func (w *watcher) watch(folder string) {
	folder = filepath.Clean(folder)
	if w.notify == nil || w.folders[folder] {
		return
	}
	if err := w.notify.Add(folder); err != nil {
		w.logger.Debug("folder is polled", "path", folder, "error", err)
		return
	}
	w.folders[folder] = true
}

func (w *watcher) run() {
	for {
		select {
		case ev, ok := <-w.notify.Events:
			if !ok {
				return
			}
			w.report(ev)
		case err, ok := <-w.notify.Errors:
			if !ok {
				return
			}
			w.logger.Debug("a change was missed", "error", err) // polling finds it
		}
	}
}

func (w *watcher) report(ev fsnotify.Event) {
	if ev.Op.Has(fsnotify.Write) {
		select {
		case w.written <- filepath.Clean(ev.Name): // "./app.log" is known as "app.log"
		case <-w.closing:
		}
		return
	}
	if ev.Op.Has(fsnotify.Create) || ev.Op.Has(fsnotify.Rename) || ev.Op.Has(fsnotify.Remove) {
		select {
		case w.renamed <- struct{}{}:
		default:
		}
	}
}

func (w *watcher) close() {
	close(w.closing)
	if w.notify == nil {
		return
	}
	if err := w.notify.Close(); err != nil {
		w.logger.Debug("watcher was not closed", "error", err)
	}
	w.done.Wait()
}
