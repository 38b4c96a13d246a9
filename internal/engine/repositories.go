package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/engine/repository"
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/wildcard"
)

// backups is what the engine knows of snapshots under way. One runs at a time in all repositories: they share the disk.
type backups struct {
	mu      sync.Mutex // held by whoever changes a repository
	current struct {
		sync.Mutex
		info   *es.SnapshotInfo
		cancel context.CancelFunc
	}
}

// repositoryRecord is a repository as the metadata store keeps it.
type repositoryRecord struct {
	Type     string         `json:"type"`
	Settings map[string]any `json:"settings"`
}

func repositoryError(status int, kind, name, format string, args ...any) *eserr.Error {
	return eserr.New(status, kind, "[%s] %s", name, fmt.Sprintf(format, args...))
}

func repositoryMissing(name string) *eserr.Error {
	return repositoryError(http.StatusNotFound, "repository_missing_exception", name, "missing")
}

func snapshotMissing(repo, name string) *eserr.Error {
	return eserr.New(http.StatusNotFound, "snapshot_missing_exception", "[%s:%s] is missing", repo, name)
}

// putRepository checks and stores a repository.
func (e *Engine) putRepository(c *es.PutRepository) error {
	if c.Name == "" || strings.ContainsAny(c.Name, `#/\*?"<>|, `) || strings.HasPrefix(c.Name, "_") {
		return repositoryError(http.StatusBadRequest, "repository_exception", c.Name, "repository name is not valid: it cannot be empty, begin with [_] or have any of #/\\*?\"<>|, and blanks")
	}
	var rec repositoryRecord
	if err := json.Unmarshal(c.JSON, &rec); err != nil {
		return eserr.ParseException("repository [%s] cannot be read: %v", c.Name, err)
	}
	repo, err := e.openRepository(c.Name, &rec)
	if err != nil {
		return err
	}
	e.backups.mu.Lock()
	defer e.backups.mu.Unlock()
	if !c.NoVerify {
		if err := repo.Verify(); err != nil {
			return verificationFailed(c.Name, err)
		}
	}
	body, err := json.Marshal(rec)
	if err != nil {
		return fmt.Errorf("print repository: %w", err)
	}
	return e.meta.putObject(&es.PutObject{Kind: es.KindRepository, Name: c.Name, JSON: body}, e.now())
}

func verificationFailed(name string, err error) *eserr.Error {
	return repositoryError(http.StatusInternalServerError, "repository_verification_exception", name, "path is not accessible: %v", err)
}

// openRepository makes a repository out of its definition.
func (e *Engine) openRepository(name string, rec *repositoryRecord) (*repository.Repository, error) {
	if rec.Type != "fs" {
		return nil, repositoryError(http.StatusBadRequest, "repository_exception", name, "repository type [%s] does not exist: this store has [fs]", rec.Type)
	}
	location, readOnly := "", false
	for key, value := range rec.Settings {
		text := fmt.Sprint(value)
		switch key {
		case "location":
			location = text
		case "readonly":
			readOnly = text == "true"
		case "compress", "chunk_size", "max_restore_bytes_per_sec", "max_snapshot_bytes_per_sec", "max_number_of_snapshots":
		default:
			return nil, repositoryError(http.StatusBadRequest, "repository_exception", name, "unknown setting [%s] of a repository of type [fs]", key)
		}
	}
	if location == "" {
		return nil, repositoryError(http.StatusBadRequest, "repository_exception", name, "missing location")
	}
	dir, err := e.repositoryPath(name, location)
	if err != nil {
		return nil, err
	}
	return repository.Open(e.fs, dir, readOnly), nil
}

// repositoryPath is the folder that a location means: it has to be one of path.repo or in one of them.
func (e *Engine) repositoryPath(name, location string) (string, error) {
	for i, root := range e.opts.RepositoryPaths {
		dir := filepath.Clean(location)
		if !filepath.IsAbs(dir) && i == 0 {
			dir = filepath.Join(root, dir)
		}
		if rel, err := filepath.Rel(root, dir); err == nil && filepath.IsLocal(rel) {
			return dir, nil
		}
	}
	return "", repositoryError(http.StatusBadRequest, "repository_exception", name, "location [%s] doesn't match any of the locations specified by path.repo: %v", location, e.opts.RepositoryPaths)
}

// repository finds a repository by its name.
func (e *Engine) repository(name string) (*repository.Repository, error) {
	objects, err := e.meta.objects(es.KindRepository, []string{name})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(objects, func(o es.Object) bool { return o.Name == name })
	if i < 0 {
		return nil, repositoryMissing(name)
	}
	var rec repositoryRecord
	if err := json.Unmarshal(objects[i].JSON, &rec); err != nil {
		return nil, fmt.Errorf("repository %s: %w", name, err)
	}
	return e.openRepository(name, &rec)
}

func (e *Engine) verifyRepository(c *es.VerifyRepository) error {
	repo, err := e.repository(c.Name)
	if err != nil {
		return err
	}
	if err := repo.Verify(); err != nil {
		return verificationFailed(c.Name, err)
	}
	return nil
}

func (e *Engine) cleanupRepository(c *es.CleanupRepository) (*es.CleanupResult, error) {
	repo, err := e.repository(c.Name)
	if err != nil {
		return nil, err
	}
	e.backups.mu.Lock()
	defer e.backups.mu.Unlock()
	files, bytes, err := repo.Cleanup()
	if err != nil {
		return nil, repositoryError(http.StatusInternalServerError, "repository_exception", c.Name, "cleanup failed: %v", err)
	}
	return &es.CleanupResult{Files: files, Bytes: bytes}, nil
}

// getSnapshots lists finished snapshots and the one under way.
func (e *Engine) getSnapshots(c *es.GetSnapshots) ([]es.SnapshotInfo, error) {
	repo, err := e.repository(c.Repository)
	if err != nil {
		return nil, err
	}
	list, err := repo.List()
	if err != nil {
		return nil, repositoryError(http.StatusInternalServerError, "repository_exception", c.Repository, "could not read repository data: %v", err)
	}
	var infos []es.SnapshotInfo
	for _, s := range list {
		infos = append(infos, snapshotInfo(c.Repository, s))
	}
	e.backups.current.Lock()
	if now := e.backups.current.info; now != nil && now.Repository == c.Repository {
		infos = append(infos, *now)
	}
	e.backups.current.Unlock()
	infos, err = chooseSnapshots(infos, c)
	sort.SliceStable(infos, func(i, j int) bool { return infos[i].Start.Before(infos[j].Start) })
	return infos, err
}

// chooseSnapshots keeps those that are named; _current is those under way.
func chooseSnapshots(infos []es.SnapshotInfo, c *es.GetSnapshots) ([]es.SnapshotInfo, error) {
	chosen := map[string]bool{}
	for i, pattern := range c.Names {
		if pattern == "_all" {
			pattern = "*"
		}
		exclude := strings.HasPrefix(pattern, "-") && i > 0
		pattern, found := strings.TrimPrefix(pattern, map[bool]string{true: "-"}[exclude]), false
		for _, info := range infos {
			current := pattern == "_current" && info.State == es.SnapshotInProgress
			if current || wildcard.Match(pattern, info.Name) {
				chosen[info.Name], found = !exclude, true
			}
		}
		if !found && !c.IgnoreMissing && pattern != "_current" && !strings.Contains(pattern, "*") {
			return nil, snapshotMissing(c.Repository, pattern)
		}
	}
	return slices.DeleteFunc(infos, func(info es.SnapshotInfo) bool { return len(c.Names) > 0 && !chosen[info.Name] }), nil
}

func snapshotInfo(repo string, s *repository.Snapshot) es.SnapshotInfo {
	info := es.SnapshotInfo{
		Repository: repo, Name: s.Name, UUID: s.UUID, Version: s.Version, State: es.SnapshotSuccess,
		Start: time.UnixMilli(s.StartMillis), End: time.UnixMilli(s.EndMillis), IncludeGlobalState: s.GlobalState, Metadata: s.Metadata,
		CopiedFiles: s.CopiedFiles, CopiedBytes: s.CopiedBytes,
	}
	for _, st := range s.DataStreams {
		info.DataStreams = append(info.DataStreams, st.Name)
	}
	for i := range s.Indices {
		ix := &s.Indices[i]
		one := es.SnapshotIndex{Name: ix.Name, Docs: ix.Docs, Segments: len(ix.Segments), Files: 1, DescriptionBytes: int64(len(ix.Mapping) + len(ix.Record))}
		one.Bytes = one.DescriptionBytes
		for f := range ix.Files() {
			one.Files++
			one.Bytes += f.Bytes
			if f.Copied {
				one.CopiedFiles++
				one.CopiedBytes += f.Bytes
			}
		}
		info.Indices = append(info.Indices, one)
	}
	return info
}

// deleteSnapshots removes finished snapshots and stops the one under way.
func (e *Engine) deleteSnapshots(c *es.DeleteSnapshots) error {
	repo, err := e.repository(c.Repository)
	if err != nil {
		return err
	}
	infos, err := e.getSnapshots(&es.GetSnapshots{Repository: c.Repository, Names: c.Names})
	if err != nil {
		return err
	}
	var names []string
	for _, info := range infos {
		names = append(names, info.Name)
		e.stopSnapshot(c.Repository, info.Name)
	}
	e.backups.mu.Lock()
	defer e.backups.mu.Unlock()
	if err := repo.Delete(names); err != nil {
		return repositoryError(http.StatusInternalServerError, "repository_exception", c.Repository, "failed to delete snapshots %v: %v", names, err)
	}
	return nil
}

func (e *Engine) stopSnapshot(repo, name string) {
	e.backups.current.Lock()
	defer e.backups.current.Unlock()
	if now := e.backups.current.info; now != nil && now.Repository == repo && now.Name == name {
		e.backups.current.cancel()
	}
}

// cloneSnapshot saves a snapshot that has some of another's indices.
func (e *Engine) cloneSnapshot(c *es.CloneSnapshot) error {
	if err := checkSnapshotName(c.Repository, c.NewName); err != nil {
		return err
	}
	repo, err := e.repository(c.Repository)
	if err != nil {
		return err
	}
	e.backups.mu.Lock()
	defer e.backups.mu.Unlock()
	source, err := findSnapshot(repo, c.Repository, c.Name)
	if err != nil {
		return err
	}
	if _, err := findSnapshot(repo, c.Repository, c.NewName); err == nil {
		return snapshotNameTaken(c.Repository, c.NewName)
	}
	indices, err := chooseIndices(source, c.Indices, false)
	if err != nil {
		return err
	}
	clone := *source
	clone.Name, clone.UUID, clone.Indices = c.NewName, newUUID(), indices
	clone.CopiedNothing()
	clone.StartMillis = e.now().UnixMilli()
	clone.EndMillis = clone.StartMillis
	return repo.Save(&clone)
}

func findSnapshot(repo *repository.Repository, repoName, name string) (*repository.Snapshot, error) {
	list, err := repo.List()
	if err != nil {
		return nil, err
	}
	for _, s := range list {
		if s.Name == name {
			return s, nil
		}
	}
	return nil, snapshotMissing(repoName, name)
}

// chooseIndices are a snapshot's indices that patterns name; "-x" takes away.
func chooseIndices(s *repository.Snapshot, patterns []string, ignoreUnavailable bool) ([]repository.Index, error) {
	if len(patterns) == 0 || len(patterns) == 1 && patterns[0] == "_all" {
		patterns = []string{"*"}
	}
	chosen := map[string]bool{}
	for i, pattern := range patterns {
		exclude := strings.HasPrefix(pattern, "-") && i > 0
		if exclude {
			pattern = pattern[1:]
		}
		found := false
		for _, ix := range s.Indices {
			if wildcard.Match(pattern, ix.Name) {
				chosen[ix.Name], found = !exclude, true
			}
		}
		if !found && !exclude && !ignoreUnavailable && !strings.Contains(pattern, "*") {
			return nil, eserr.IndexNotFound(pattern)
		}
	}
	return slices.DeleteFunc(slices.Clone(s.Indices), func(ix repository.Index) bool { return !chosen[ix.Name] }), nil
}
