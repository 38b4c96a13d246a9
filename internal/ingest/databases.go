package ingest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"elkhorn/internal/geoip"
)

// databases opens the files of a folder, each once for as long as it does not change.
type databases struct {
	dir string
	mu  struct {
		sync.Mutex
		open map[string]openDatabase
	}
}

type openDatabase struct {
	db       *geoip.Database
	modified time.Time
	checked  time.Time
}

// recheckInterval is how long a file is taken to be as it was.
const recheckInterval = 10 * time.Second

// open returns a database by the name of its file, nil when there is none.
func (d *databases) open(file string) (*geoip.Database, error) {
	if d.dir == "" || file != filepath.Base(file) {
		return nil, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	have, known := d.mu.open[file]
	now := time.Now()
	if known && now.Sub(have.checked) < recheckInterval {
		return have.db, nil
	}
	path := filepath.Join(d.dir, file)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		have = openDatabase{}
	case err != nil:
		return nil, err
	case have.db == nil || !info.ModTime().Equal(have.modified):
		db, err := geoip.Open(path)
		if err != nil {
			return nil, err
		}
		have = openDatabase{db: db, modified: info.ModTime()}
	}
	have.checked = now
	if d.mu.open == nil {
		d.mu.open = map[string]openDatabase{}
	}
	d.mu.open[file] = have
	return have.db, nil
}
