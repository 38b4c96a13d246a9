package engine

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/vfs"
)

// resize makes an index with the documents of another and, as far as anybody is told, another number of shards. The
// files are copied as they are; a shrunk index is then merged to one segment.
func (e *Engine) resize(ctx context.Context, c *es.ResizeIndex) error {
	if err := checkIndexName(c.Target); err != nil {
		return err
	}
	body, err := parseTemplateBody(c.Settings, nil, c.Aliases)
	if err != nil {
		return err
	}
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	source := e.indexNamed(c.Source)
	if source == nil {
		return eserr.IndexNotFound(c.Source)
	}
	if err := e.checkNameFree(c.Target); err != nil {
		return err
	}
	if !readOnly(source) {
		return eserr.New(http.StatusInternalServerError, "illegal_state_exception", "index %s must be read-only to resize index. use \"index.blocks.write=true\"", c.Source)
	}
	rec, err := resizedRecord(c, source, body)
	if err != nil {
		return err
	}
	files, err := e.pinFiles(ctx, source)
	if err != nil {
		return err
	}
	defer files.view.release()
	if err := e.adoptIndex(ctx, c.Target, rec, files); err != nil {
		return err
	}
	if c.Kind == es.Shrink {
		return e.indexNamed(c.Target).forceMerge(ctx, 1)
	}
	return nil
}

// readOnly reports whether an index takes no documents.
func readOnly(ix *index) bool {
	return slices.ContainsFunc(ix.settings.Load().blocks, func(b indexBlock) bool { return b.write })
}

// notCopied are settings that a resized index does not take from its source.
var notCopied = []string{"index.resize.", "index.lifecycle.rollover_alias", "index.routing.allocation.initial_recovery."}

// resizedRecord is the metadata of the index to be made: the source's settings, and above them those of the request.
func resizedRecord(c *es.ResizeIndex, source *index, body *templateBody) (*indexRecord, error) {
	rec := &indexRecord{IDs: source.idSource, Settings: maps.Clone(source.settings.Load().flat)}
	maps.DeleteFunc(rec.Settings, func(name, _ string) bool {
		return slices.ContainsFunc(notCopied, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
	})
	have, err := strconv.Atoi(source.settings.Load().flat["index.number_of_shards"])
	if err != nil {
		return nil, err
	}
	want, given, err := wantedShards(c, have, source.statistics().DiskBytes, body)
	if err != nil {
		return nil, err
	}
	if err := checkShards(c.Kind, have, want, given); err != nil {
		return nil, err
	}
	for name, value := range body.settings {
		if strings.HasPrefix(name, "index.analysis.") || strings.HasPrefix(name, "index.sort.") || name == "index.number_of_routing_shards" && c.Kind != es.Split {
			return nil, eserr.IllegalArgument("can't override setting [%s] when resizing an index: it is taken from the source", name)
		}
		rec.Settings[name] = value
	}
	rec.Settings["index.number_of_shards"] = strconv.Itoa(want)
	rec.Settings["index.resize.source.name"], rec.Settings["index.resize.source.uuid"] = source.name, source.uuid
	for _, a := range body.aliases {
		rec.Aliases = append(rec.Aliases, recordOf(a))
	}
	return rec, nil
}

// wantedShards is the number of shards that a request asks for; given tells a number that it names.
func wantedShards(c *es.ResizeIndex, have int, bytes int64, body *templateBody) (want int, given bool, err error) {
	text, given := body.settings["index.number_of_shards"]
	if given {
		if c.MaxShardBytes > 0 {
			return 0, true, eserr.IllegalArgument("Cannot set both index.number_of_shards and max_primary_shard_size for the target index")
		}
		if want, err = strconv.Atoi(text); err != nil || want < 1 {
			return 0, true, eserr.IllegalArgument("Failed to parse value [%s] for setting [index.number_of_shards] must be >= 1", text)
		}
		return want, true, nil
	}
	switch c.Kind {
	case es.Split:
		return 0, false, eserr.Validation("Validation Failed: 1: index.number_of_shards is required for split operations;")
	case es.Clone:
		return have, false, nil
	}
	if c.MaxShardBytes == 0 {
		return 1, false, nil
	}
	for want = 1; want < have; want++ { // the fewest that keep each below the limit
		if have%want == 0 && bytes/int64(want) <= c.MaxShardBytes {
			break
		}
	}
	return want, true, nil
}

// checkShards applies Elasticsearch's rules: the smaller number divides the larger.
func checkShards(kind es.ResizeKind, have, want int, given bool) error {
	switch {
	case kind == es.Shrink && want > have:
		return eserr.IllegalArgument("the number of target shards [%d] must be less that the number of source shards [%d]", want, have)
	case kind == es.Shrink && have%want != 0:
		return eserr.IllegalArgument("the number of source shards [%d] must be a multiple of [%d]", have, want)
	case kind == es.Shrink && want == have && have > 1 && !given:
		return eserr.IllegalArgument("the number of target shards [%d] must be less that the number of source shards [%d]", want, have)
	case kind == es.Split && want <= have:
		return eserr.IllegalArgument("the number of source shards [%d] must be less that the number of target shards [%d]", have, want)
	case kind == es.Split && want%have != 0:
		return eserr.IllegalArgument("the number of source shards [%d] must be a factor of [%d]", have, want)
	case kind == es.Clone && want != have:
		return eserr.IllegalArgument("the number of target shards [%d] must be the same as the number of source shards [%d]", want, have)
	}
	return nil
}

// viewFiles are the files of an index in the store itself.
type viewFiles struct {
	ix     *index
	view   *view
	mapped []byte
	next   int64
}

// pinFiles holds the files of an index that takes no documents. The caller releases the view.
func (e *Engine) pinFiles(ctx context.Context, ix *index) (*viewFiles, error) {
	if err := ix.flush(ctx); err != nil {
		return nil, err
	}
	ix.write.Lock()
	f := &viewFiles{ix: ix, view: ix.views.acquire(true), next: ix.write.nextSeq}
	ix.write.Unlock()
	for _, p := range f.view.parts {
		if p.file == nil { // written since the flush: it was not read-only a moment ago
			f.view.release()
			return nil, eserr.New(http.StatusConflict, "illegal_state_exception", "index %s was written to just now: try again", ix.name)
		}
	}
	var err error
	if f.mapped, err = ix.mapping().MarshalJSON(); err != nil {
		f.view.release()
	}
	return f, err
}

func (f *viewFiles) mapping() []byte     { return f.mapped }
func (f *viewFiles) nextSequence() int64 { return f.next }
func (f *viewFiles) segments() int       { return len(f.view.parts) }
func (f *viewFiles) origin() es.Recovery { return es.Recovery{Source: f.ix.name} }

func (f *viewFiles) copySegment(ctx context.Context, i int, dst string) (deletes bool, err error) {
	p, fsys := f.view.parts[i], f.ix.engine.fs
	src, err := fsys.Open(f.ix.segmentPath(segmentName(p.id)))
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	_, err = vfs.CopyFile(ctx, fsys, dst, src, nil)
	return p.deletes > 0, err
}

func (f *viewFiles) copyDeletes(_ context.Context, i int, dst string) error {
	p := f.view.parts[i]
	return vfs.WriteFileAtomic(f.ix.engine.fs, dst, encodeDeletes(p.deleted, p.rows))
}
