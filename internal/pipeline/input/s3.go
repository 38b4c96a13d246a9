package input

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/minio/minio-go/v7"

	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/dial"
	"elkhorn/internal/plugin"
)

var s3 = pipeline.InputSpec{
	Name:    "s3",
	Summary: "Reads lines of the objects of a bucket of S3, each object once.",
	Options: slices.Concat([]plugin.Option{
		{Name: "prefix", Kind: plugin.String, Help: "Only objects whose names begin so."},
		{Name: "exclude_pattern", Kind: plugin.String, Help: "Expression of names to leave out."},
		{Name: "gzip_pattern", Kind: plugin.String, Default: `\.gz(ip)?$`, Help: "Expression of names whose objects are packed."},
		{Name: "interval", Kind: plugin.Seconds, Default: 60, Help: "How often to look for new objects."},
		{Name: "watch_for_new_files", Kind: plugin.Boolean, Default: true, Help: "false reads what is there and ends."},
		{Name: "cutoff_second", Kind: plugin.Seconds, Default: 3, Help: "Objects younger than this wait for the next look, as others of the same second may follow."},
		{Name: "sincedb_path", Kind: plugin.Path, Help: "File that keeps which objects were read; by default one in the data folder."},
		{Name: "delete", Kind: plugin.Boolean, Help: "Delete objects whose events are safe."},
		{Name: "backup_to_bucket", Kind: plugin.String, Help: "Copy such objects to this bucket first."},
		{Name: "backup_add_prefix", Kind: plugin.String, Help: "What the copies' names begin with."},
		{Name: "include_object_properties", Kind: plugin.Boolean, Help: "Put the object's properties into [@metadata][s3]."},
		{Name: "backup_to_dir", Kind: plugin.Path, Unsupported: "objects are not copied to this machine; use backup_to_bucket"},
		{Name: "temporary_directory", Kind: plugin.Path, Ignored: "objects are read as they come"},
		ecsFieldsOption,
	}, dial.S3Options),
	New: newS3,
}

type s3Reader struct {
	env                        *pipeline.Env
	newCodec                   pipeline.NewCodec
	client                     *minio.Client
	bucket, prefix             string
	exclude, packed            *pattern.Regexp // exclude is nil for none
	interval, cutoff           time.Duration
	listed                     int // most objects that one look keeps in memory
	once, remove, properties   bool
	backupBucket, backupPrefix string
	sincePath                  string
	fieldsPath, versionPath    *event.Path // of CloudFront's logs
	memory                     memory
	mu                         struct {
		sync.Mutex
		since s3Since
		// appendable says that the file of what was read is as since says, so that a key can be written behind the others.
		appendable bool
		waiting    []*s3Object // read, or being read, and not acknowledged, in the order of their time
	}
	settle chan struct{} // holds a token when there may be something to settle
}

// maxS3Listed bounds the names of new objects in memory, some 300 bytes each; of more, the oldest are read first.
const maxS3Listed = 10_000

// s3Object is an object in work.
type s3Object struct {
	info minio.ObjectInfo
	done bool // all its events are safe
}

func newS3(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
	r := &s3Reader{env: env, bucket: s.String("bucket"), prefix: s.String("prefix"), interval: s.Duration("interval"), cutoff: s.Duration("cutoff_second"), once: !s.Bool("watch_for_new_files"),
		remove: s.Bool("delete"), properties: s.Bool("include_object_properties"), backupBucket: s.String("backup_to_bucket"), backupPrefix: s.String("backup_add_prefix"),
		fieldsPath: layoutPath(s, "cloudfront_fields", "[@metadata][s3][cloudfront][fields]"), versionPath: layoutPath(s, "cloudfront_version", "[@metadata][s3][cloudfront][version]"), settle: make(chan struct{}, 1), listed: maxS3Listed}
	if r.interval <= 0 {
		return nil, s.Errorf("interval", "must be more than 0")
	}
	var err error
	if r.newCodec, err = env.Codec(s.Codec("codec")); err != nil {
		return nil, err
	}
	if r.client, err = dial.S3(env, s); err != nil {
		return nil, err
	}
	if s.Has("exclude_pattern") {
		if r.exclude, err = pattern.Compile(s.String("exclude_pattern")); err != nil {
			return nil, s.Errorf("exclude_pattern", "%v", err)
		}
	}
	if r.packed, err = pattern.Compile(s.String("gzip_pattern")); err != nil {
		return nil, s.Errorf("gzip_pattern", "%v", err)
	}
	r.sincePath = s.String("sincedb_path")
	if r.sincePath == "" {
		r.sincePath = filepath.Join(env.DataDir, "s3", "sincedb_"+digest(r.bucket+"+"+r.prefix))
	}
	return r, nil
}

// Close settles the objects whose events have become safe while the pipeline came to its end.
func (r *s3Reader) Close() error {
	const patience = 10 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return r.settleDone(ctx)
}

// Run looks for objects again and again until ctx ends or, when it is to do so once, all of them are read.
func (r *s3Reader) Run(ctx context.Context, sink pipeline.Sink) error {
	ticker := time.NewTicker(r.interval)
	defer ticker.Stop()
	for ctx.Err() == nil {
		next := r.look(ctx, sink)
		if r.once && next == s3Complete {
			return nil
		}
		for waiting := next != s3More; waiting && ctx.Err() == nil; {
			if err := r.settleDone(ctx); err != nil && ctx.Err() == nil {
				r.env.Logger.Warn("cannot settle objects that are read; trying again", "bucket", r.bucket, "error", err)
			}
			select {
			case <-ticker.C:
				waiting = false
			case <-r.settle:
			case <-ctx.Done():
			}
		}
	}
	return nil
}

// s3Left is what a look at the bucket leaves to do.
type s3Left uint8

const (
	s3Complete s3Left = iota // nothing
	s3Later                  // objects that are too young or could not be read
	s3More                   // objects that can be read at once
)

// look reads the objects that are new.
func (r *s3Reader) look(ctx context.Context, sink pipeline.Sink) s3Left {
	objects, left, err := r.list(ctx)
	if err != nil {
		if ctx.Err() == nil {
			r.env.Logger.Warn("cannot list the bucket; trying again", "bucket", r.bucket, "prefix", r.prefix, "error", err)
		}
		return s3Later
	}
	for _, info := range objects {
		if err := r.read(ctx, info, sink); err != nil {
			if ctx.Err() == nil {
				r.env.Logger.Warn("cannot read an object; trying again", "bucket", r.bucket, "key", info.Key, "error", err)
			}
			return s3Later // later ones wait, so that what is read is told by a time
		}
		if err := r.settleDone(ctx); err != nil && ctx.Err() == nil {
			r.env.Logger.Warn("cannot settle objects that are read; trying again", "bucket", r.bucket, "error", err)
		}
	}
	return left
}

// list finds the oldest objects that are new, in the order of their time.
func (r *s3Reader) list(ctx context.Context) (objects []minio.ObjectInfo, left s3Left, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	young := r.env.Now().Add(-r.cutoff)
	byTime := func(a, b minio.ObjectInfo) int { return a.LastModified.Compare(b.LastModified) }
	more := false
	for info := range r.client.ListObjects(ctx, r.bucket, minio.ListObjectsOptions{Prefix: r.prefix, Recursive: true}) {
		switch {
		case info.Err != nil:
			return nil, s3Later, info.Err
		case r.ignored(info) || r.known(info):
		case info.LastModified.After(young):
			left = s3Later
		default:
			objects = append(objects, minio.ObjectInfo{Key: info.Key, LastModified: info.LastModified, Size: info.Size, ETag: info.ETag, StorageClass: info.StorageClass})
		}
		if len(objects) >= 2*r.listed {
			slices.SortStableFunc(objects, byTime)
			objects, more = objects[:r.listed], true
		}
	}
	if ctx.Err() != nil { // a listing that breaks off looks like one that ends
		return nil, s3Later, ctx.Err()
	}
	slices.SortStableFunc(objects, byTime)
	if len(objects) > r.listed || more {
		objects, left = objects[:r.listed], s3More
	}
	return objects, left, nil
}

func (r *s3Reader) ignored(info minio.ObjectInfo) bool {
	archived := info.StorageClass == "GLACIER" || info.StorageClass == "DEEP_ARCHIVE"
	return info.Size <= 0 || archived || info.Key == r.prefix || strings.HasSuffix(info.Key, "/") || r.exclude != nil && r.exclude.Match(info.Key) ||
		r.backupBucket == r.bucket && r.backupPrefix != "" && strings.HasPrefix(info.Key, r.backupPrefix)
}

func (r *s3Reader) known(info minio.ObjectInfo) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.mu.since.has(info) || slices.ContainsFunc(r.mu.waiting, func(o *s3Object) bool {
		return o.info.Key == info.Key && o.info.LastModified.Equal(info.LastModified)
	})
}

// read pushes an object's lines. When that fails half way, the object is read again from its beginning. What the object itself makes
// impossible, such as bytes that are not packed as its name says, is told once, and the object counts as read: it would fail alike every
// time, and hold up all that are newer.
func (r *s3Reader) read(ctx context.Context, info minio.ObjectInfo, sink pipeline.Sink) (err error) {
	body, err := r.client.GetObject(ctx, r.bucket, info.Key, minio.GetObjectOptions{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	object := &s3Object{info: info}
	failed := false
	// The receipt waits for one more than the events: the end of the object.
	receipt := event.NewReceipt(1, func() { r.acknowledge(object, &failed) })
	end := event.New(r.env.Now())
	end.SetReceipt(receipt)
	r.mu.Lock()
	r.mu.waiting = append(r.mu.waiting, object)
	r.mu.Unlock()
	lines := &s3Lines{reader: r, info: info, codec: r.newCodec(), receipt: receipt, sink: sink}
	source := &s3Body{r: body}
	err = lines.run(ctx, source, r.packed.Match(info.Key))
	if err != nil && source.err == nil && ctx.Err() == nil && !errors.Is(err, errHeldTooMuch) {
		r.env.Logger.Error("an object cannot be read to its end: the rest of it is left out", "bucket", r.bucket, "key", info.Key, "error", err)
		err = lines.finish(ctx)
	}
	if err != nil {
		r.mu.Lock()
		failed = true
		r.mu.waiting = slices.DeleteFunc(r.mu.waiting, func(o *s3Object) bool { return o == object })
		r.mu.Unlock()
		return err
	}
	end.Done()
	return nil
}

// acknowledge notes that all events of an object are safe.
func (r *s3Reader) acknowledge(object *s3Object, failed *bool) {
	r.mu.Lock()
	object.done = !*failed
	r.mu.Unlock()
	select {
	case r.settle <- struct{}{}:
	default:
	}
}

// s3Body is an object's bytes as they come.
type s3Body struct {
	r   io.Reader
	err error // why they do not come any more; nil at their end
}

func (b *s3Body) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

// s3Lines reads one object.
type s3Lines struct {
	reader          *s3Reader
	info            minio.ObjectInfo
	codec           pipeline.Codec
	receipt         *event.Receipt
	sink            pipeline.Sink
	events          []*event.Event
	version, fields string // of CloudFront's logs
}

var s3MetadataPath = event.MustPath("[@metadata][s3]")

func (l *s3Lines) run(ctx context.Context, from io.Reader, packed bool) error {
	if packed {
		unpacked, err := gzip.NewReader(bufio.NewReaderSize(from, 64<<10))
		if err != nil {
			return fmt.Errorf("unpack: %w", err)
		}
		from = unpacked
	}
	if l.codec.Framing() == pipeline.Whole {
		body, err := l.reader.memory.readAll(from, maxS3Whole)
		defer l.reader.memory.give(cap(body))
		if err != nil {
			return err
		}
		if len(body) > maxS3Whole {
			return fmt.Errorf("the object has more than %d bytes, which its codec wants at once", maxS3Whole)
		}
		l.codec.Decode(body, l.reader.env.Now(), l.add)
		return l.finish(ctx)
	}
	lines, delimiter := bufio.NewReaderSize(from, 64<<10), delimiterOf(l.codec)
	for {
		line, cut, err := readLine(lines, delimiter, &l.reader.memory)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(line) > 0 {
			before := len(l.events)
			l.codec.Decode(line, l.reader.env.Now(), l.add)
			for _, ev := range l.events[before:] {
				if cut {
					ev.Tag(longLineTag)
				}
			}
		}
		if err != nil {
			return l.finish(ctx)
		}
		if len(l.events) >= pushEvents {
			if err := l.push(ctx); err != nil {
				return err
			}
		}
	}
}

// maxS3Whole bounds an object that a codec takes as a whole.
const maxS3Whole = 128 << 20

func (l *s3Lines) finish(ctx context.Context) error {
	l.codec.Flush(l.reader.env.Now(), l.add)
	return l.push(ctx)
}

func (l *s3Lines) add(ev *event.Event) {
	message, _ := ev.Get(messagePath)
	if version, ok := strings.CutPrefix(message.Str(), "#Version: "); ok {
		l.version = version
		return
	}
	if fields, ok := strings.CutPrefix(message.Str(), "#Fields: "); ok {
		l.fields = fields
		return
	}
	md := event.NewObject()
	md.SetMember("key", event.StringOf(l.info.Key))
	if l.reader.properties {
		md.SetMember("last_modified", event.TimeOf(l.info.LastModified))
		md.SetMember("content_length", event.IntOf(l.info.Size))
		md.SetMember("etag", event.StringOf(l.info.ETag))
		md.SetMember("storage_class", event.StringOf(l.info.StorageClass))
	}
	ev.Set(s3MetadataPath, md)
	if l.version != "" {
		ev.Set(l.reader.versionPath, event.StringOf(l.version))
	}
	if l.fields != "" {
		ev.Set(l.reader.fieldsPath, event.StringOf(l.fields))
	}
	l.events = append(l.events, ev)
}

func (l *s3Lines) push(ctx context.Context) error {
	if len(l.events) == 0 {
		return nil
	}
	events := l.events
	l.events = nil
	l.receipt.Add(len(events))
	for _, ev := range events {
		ev.SetReceipt(l.receipt)
	}
	return l.sink.Push(ctx, events)
}
