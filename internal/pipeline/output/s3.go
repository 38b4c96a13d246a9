package output

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/encrypt"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/dial"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

var s3 = pipeline.OutputSpec{
	Name:    "s3",
	Summary: "Gathers events in files on this machine and puts these into a bucket of S3.",
	Options: slices.Concat([]plugin.Option{
		{Name: "prefix", Kind: plugin.String, Help: "What the objects' names begin with, such as logs/%{+YYYY}/; may hold %{references}, each value a file of its own."},
		{Name: "codec", Kind: plugin.Codec, Default: "line", Help: "How events are written; each ends its line."},
		{Name: "size_file", Kind: plugin.Bytes, Default: 5 << 20, Help: "A file of so many bytes, before packing, is put into the bucket; 0 is no limit."},
		{Name: "time_file", Kind: plugin.Integer, Default: 15, Unit: "minutes", Help: "A file of this age is put into the bucket; 0 is no limit."},
		{Name: "rotation_strategy", Kind: plugin.String, Default: "size_and_time", Allowed: []string{"size_and_time", "size", "time"}, Help: "Which of the two limits counts."},
		{Name: "encoding", Kind: plugin.String, Default: "none", Allowed: []string{"none", "gzip"}, Help: "Whether objects are packed."},
		{Name: "tags", Kind: plugin.Strings, Help: "Words to put into the objects' names."},
		{Name: "temporary_directory", Kind: plugin.Path, Help: "Folder for the files; by default one in the data folder. Events are safe when they are there: files that are left after a crash are put into the bucket by the next run."},
		{Name: "restore", Kind: plugin.Boolean, Default: true, Help: "Do that. false leaves them where they are."},
		{Name: "canned_acl", Kind: plugin.String, Default: "private", Help: "Who may read the objects, by Amazon's names."},
		{Name: "storage_class", Kind: plugin.String, Default: "STANDARD", Help: "Storage class of the objects."},
		{Name: "server_side_encryption", Kind: plugin.Boolean, Help: "Have the service encrypt objects."},
		{Name: "server_side_encryption_algorithm", Kind: plugin.String, Default: "AES256", Allowed: []string{"AES256", "aws:kms"}, Help: "How."},
		{Name: "ssekms_key_id", Kind: plugin.String, Help: "Key for aws:kms."},
		{Name: "retry_count", Kind: plugin.Integer, Ignored: "an object is put again until it is there"}, {Name: "retry_delay", Kind: plugin.Integer, Ignored: "pauses grow from 200 ms to 30 s"},
		{Name: "upload_workers_count", Kind: plugin.Integer, Ignored: "objects are put one after the other"}, {Name: "upload_queue_size", Kind: plugin.Integer, Ignored: "what waits is on disk"},
		{Name: "upload_multipart_threshold", Kind: plugin.Bytes, Ignored: "larger objects go in parts of 16 MB"},
		{Name: "validate_credentials_on_root_bucket", Kind: plugin.Boolean, Ignored: "a bucket that cannot be written to is told in the log, and waited for"},
		{Name: "signature_version", Kind: plugin.String, Allowed: []string{"v4"}, Help: "Only v4."},
	}, dial.S3Options),
	New: newS3,
}

const (
	// maxS3Files bounds the files being written at once; of more, the oldest is put into the bucket early.
	maxS3Files = 64
	// maxS3PrefixBytes and maxS3TagBytes leave an object's name below the 1024 bytes that S3 allows.
	maxS3PrefixBytes = 700
	maxS3TagBytes    = 200
	// s3CloseTimeout is how long a stop waits for objects on their way; the rest is put by the next run.
	s3CloseTimeout = 10 * time.Second
	s3DataEnding   = ".data"
	s3PackedEnding = ".gz"
	s3KeyEnding    = ".key"
)

// s3Folder is where files are gathered, shared by the s3 outputs of a pipeline that write to one bucket. Its lock keeps other pipelines
// and processes away: they would take the files that are being written for what a crash left.
type s3Folder struct {
	mu struct {
		sync.Mutex
		users    int
		lock     io.Closer // nil without users
		restored bool      // one of the users has taken what a crash left
	}
}

// s3FolderKey is the key of a pipeline's *s3Folder.
type s3FolderKey struct{ dir string }

// enter adds a user; leftovers says that it is the one that takes what a crash left, if it wants to.
func (f *s3Folder) enter(fs vfs.FS, dir string, restore bool) (leftovers bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.mu.users == 0 {
		if f.mu.lock, err = fs.Lock(filepath.Join(dir, "lock")); err != nil {
			return false, fmt.Errorf("another pipeline gathers its files there; give each a temporary_directory of its own: %w", err)
		}
	}
	f.mu.users++
	leftovers = restore && !f.mu.restored
	f.mu.restored = f.mu.restored || leftovers
	return leftovers, nil
}

// leave takes a user away.
func (f *s3Folder) leave() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.mu.users--; f.mu.users > 0 {
		return nil
	}
	lock := f.mu.lock
	f.mu.lock, f.mu.restored = nil, false
	return lock.Close()
}

// s3Writer is an s3 output. A file is two: NAME.key has the object's name, NAME.data its content.
type s3Writer struct {
	env      *pipeline.Env
	client   *minio.Client
	bucket   string
	put      minio.PutObjectOptions
	prefix   *event.Template
	tags     []string
	maxBytes int64         // 0 for none
	maxAge   time.Duration // 0 for none
	gzip     bool
	restore  bool
	dir      string
	folder   *s3Folder
	mu       struct {
		sync.Mutex // held for a whole batch
		codec      pipeline.Codec
		open       map[string]*s3File // by prefix
		ready      []string           // names of files to put into the bucket
		part       int
	}
	wake    chan struct{} // holds a token when there is something to put
	stop    context.CancelFunc
	running sync.WaitGroup
	// open ends, by finish, when Close begins.
	open   context.Context
	finish context.CancelFunc
}

// s3File is a file being written.
type s3File struct {
	name  string
	file  vfs.File
	size  int64
	began time.Time
}

func newS3(env *pipeline.Env, s *plugin.Settings) (pipeline.Output, error) {
	codec, err := encoder(env, s)
	if err != nil {
		return nil, err
	}
	o := &s3Writer{env: env, bucket: s.String("bucket"), tags: s.Strings("tags"), maxBytes: s.Bytes("size_file"), maxAge: time.Duration(s.Int("time_file")) * time.Minute,
		gzip: s.String("encoding") == "gzip", restore: s.Bool("restore"), wake: make(chan struct{}, 1)}
	switch s.String("rotation_strategy") {
	case "size":
		o.maxAge = 0
	case "time":
		o.maxBytes = 0
	}
	if o.maxBytes <= 0 && o.maxAge <= 0 {
		return nil, s.Errorf("rotation_strategy", "leaves no limit: size_file or time_file must be more than 0")
	}
	if o.client, err = dial.S3(env, s); err != nil {
		return nil, err
	}
	if o.prefix, err = event.CompileTemplate(s.String("prefix")); err != nil {
		return nil, s.Errorf("prefix", "%v", err)
	}
	o.put = minio.PutObjectOptions{ContentType: "application/octet-stream", StorageClass: s.String("storage_class"), UserMetadata: map[string]string{}, PartSize: 16 << 20, NumThreads: 1}
	if acl := s.String("canned_acl"); acl != "private" {
		o.put.UserMetadata["x-amz-acl"] = acl
	}
	if s.Bool("server_side_encryption") {
		o.put.ServerSideEncryption = encrypt.NewSSE()
		if s.String("server_side_encryption_algorithm") == "aws:kms" {
			if o.put.ServerSideEncryption, err = encrypt.NewSSEKMS(s.String("ssekms_key_id"), nil); err != nil {
				return nil, s.Errorf("ssekms_key_id", "%v", err)
			}
		}
	}
	o.dir = filepath.Join(env.DataDir, "s3", o.bucket)
	if s.Has("temporary_directory") {
		o.dir = filepath.Join(s.String("temporary_directory"), o.bucket)
	}
	o.folder = env.Shared.Get(s3FolderKey{o.dir}, func() any { return &s3Folder{} }).(*s3Folder)
	if tags := strings.Join(o.tags, "."); len(tags) > maxS3TagBytes {
		return nil, s.Errorf("tags", "have %d bytes, and objects' names no room for more than %d", len(tags), maxS3TagBytes)
	}
	o.mu.codec, o.mu.open = codec, map[string]*s3File{}
	return o, nil
}

// Open finds what an earlier run left, and begins to put it into the bucket.
func (o *s3Writer) Open(context.Context) error {
	if err := vfs.MkdirAllSync(o.env.FS, o.dir); err != nil {
		return fmt.Errorf("make the folder for files on their way to S3: %w", err)
	}
	leftovers, err := o.folder.enter(o.env.FS, o.dir, o.restore)
	if err != nil {
		return err
	}
	names, err := o.env.FS.List(o.dir)
	if err != nil {
		return errors.Join(fmt.Errorf("look for files that were not put into the bucket: %w", err), o.folder.leave())
	}
	slices.Sort(names)
	for _, name := range names {
		if base, ok := strings.CutSuffix(name, s3KeyEnding); ok && leftovers {
			o.mu.ready = append(o.mu.ready, base)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	o.stop = cancel
	o.open, o.finish = context.WithCancel(ctx)
	o.running.Go(func() { o.upload(ctx) })
	return nil
}

// possibleKey makes of an event's text a beginning of an object's name that is allowed and means the same everywhere.
func possibleKey(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune("^`><\\{}[]%#\"~|", r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(text, "_"))
	parts := strings.Split(text, "/")
	for i, part := range parts {
		if part == "." || part == ".." {
			parts[i] = "_"
		}
	}
	text = strings.Join(parts, "/")
	return strings.ToValidUTF8(text[:min(len(text), maxS3PrefixBytes)], "") // of a character that is cut, nothing is left
}

// Write appends to files and syncs them: then the events are safe. A failing disk is retried.
func (o *s3Writer) Write(ctx context.Context, events []*event.Event) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	pending := map[string][]byte{}
	var order []string
	for _, ev := range events {
		prefix := possibleKey(o.prefix.Expand(ev))
		if _, ok := pending[prefix]; !ok {
			order = append(order, prefix)
		}
		pending[prefix] = appendLine(pending[prefix], o.mu.codec, ev)
	}
	retry := newBackoff()
	for _, prefix := range order {
		for {
			err := o.appendLocked(prefix, pending[prefix])
			if err == nil {
				break
			}
			o.env.Logger.Error("cannot write a file on its way to S3; trying again", "folder", o.dir, "error", err)
			o.closeLocked(prefix)
			if err := retry.wait(ctx); err != nil {
				return err
			}
		}
		if f := o.mu.open[prefix]; o.maxBytes > 0 && f.size >= o.maxBytes {
			o.closeLocked(prefix)
		}
	}
	for len(o.mu.open) > maxS3Files {
		oldest := ""
		for prefix, f := range o.mu.open {
			if oldest == "" || f.began.Before(o.mu.open[oldest].began) {
				oldest = prefix
			}
		}
		o.closeLocked(oldest)
	}
	return nil
}

func (o *s3Writer) appendLocked(prefix string, data []byte) error {
	f := o.mu.open[prefix]
	if f == nil {
		var err error
		if f, err = o.createLocked(prefix); err != nil {
			return err
		}
		o.mu.open[prefix] = f
	}
	if _, err := f.file.Write(data); err != nil {
		if cut := f.file.Truncate(f.size); cut != nil {
			return errors.Join(err, cut)
		}
		return err
	}
	if err := f.file.Sync(); err != nil {
		return err
	}
	f.size += int64(len(data))
	return nil
}

// createLocked begins a file. Its name is kept before any content, so that content is never without one.
func (o *s3Writer) createLocked(prefix string) (*s3File, error) {
	var random [16]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, err
	}
	now := o.env.Now()
	id := hex.EncodeToString(random[:])
	tags := ""
	if len(o.tags) > 0 {
		tags = ".tag_" + strings.Join(o.tags, ".")
	}
	ending := "txt"
	if o.gzip {
		ending = "txt.gz"
	}
	key := fmt.Sprintf("ls.s3.%s-%s-%s-%s-%s.%s%s.part%d.%s", id[:8], id[8:12], id[12:16], id[16:20], id[20:], now.UTC().Format("2006-01-02T15.04"), tags, o.mu.part, ending)
	if prefix != "" {
		key = strings.TrimSuffix(prefix, "/") + "/" + key
	}
	name := fmt.Sprintf("%019d-%s", now.UnixNano(), id)
	if err := vfs.WriteFileAtomic(o.env.FS, filepath.Join(o.dir, name+s3KeyEnding), []byte(key)); err != nil {
		return nil, err
	}
	file, err := o.env.FS.Create(filepath.Join(o.dir, name+s3DataEnding))
	if err != nil {
		return nil, errors.Join(err, o.env.FS.Remove(filepath.Join(o.dir, name+s3KeyEnding)))
	}
	if err := vfs.SyncDir(o.env.FS, o.dir); err != nil {
		return nil, errors.Join(err, file.Close(), o.env.FS.Remove(filepath.Join(o.dir, name+s3DataEnding)), o.env.FS.Remove(filepath.Join(o.dir, name+s3KeyEnding)))
	}
	o.mu.part++
	return &s3File{name: name, file: file, began: now}, nil
}

// closeLocked ends a file and hands it to the uploader.
func (o *s3Writer) closeLocked(prefix string) {
	f := o.mu.open[prefix]
	if f == nil {
		return
	}
	delete(o.mu.open, prefix)
	if err := f.file.Close(); err != nil {
		o.env.Logger.Warn("cannot close a file on its way to S3", "file", f.name, "error", err)
	}
	o.mu.ready = append(o.mu.ready, f.name)
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// upload puts files into the bucket until ctx ends or, once Close has closed the last of them, all are there or have been tried; it also
// closes those that are old.
func (o *s3Writer) upload(ctx context.Context) {
	const lookEvery = 5 * time.Second // for files that are old: their age counts in minutes
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	retry := newBackoff()
	failures := 0 // since the end began
	for {
		name := o.next()
		if o.open.Err() != nil && (name == "" || failures >= o.left()) {
			return
		}
		if name == "" {
			select {
			case <-o.wake:
			case <-ticker.C:
				o.closeOld()
			case <-o.open.Done():
			}
			continue
		}
		if err := o.putFile(ctx, name); err != nil {
			if ctx.Err() != nil {
				return
			}
			o.env.Logger.Warn("cannot put an object into the bucket; trying again", "bucket", o.bucket, "error", err)
			o.mu.Lock()
			o.mu.ready = append(o.mu.ready[1:], name) // one that is refused must not hold up the others
			o.mu.Unlock()
			if o.open.Err() != nil {
				failures++
			}
			_ = retry.wait(o.open) // which the end cuts short; what is left then is tried once more
			continue
		}
		retry = newBackoff()
		o.mu.Lock()
		o.mu.ready = o.mu.ready[1:]
		o.mu.Unlock()
	}
}

func (o *s3Writer) next() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.mu.ready) == 0 {
		return ""
	}
	return o.mu.ready[0]
}

func (o *s3Writer) left() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.mu.ready)
}

func (o *s3Writer) closeOld() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for prefix, f := range o.mu.open {
		if o.maxAge > 0 && o.env.Now().Sub(f.began) >= o.maxAge {
			o.closeLocked(prefix)
		}
	}
}

// putFile puts one file into the bucket and removes it here.
func (o *s3Writer) putFile(ctx context.Context, name string) (err error) {
	const maxKeyBytes = 4 << 10
	data, keyFile := filepath.Join(o.dir, name+s3DataEnding), filepath.Join(o.dir, name+s3KeyEnding)
	key, err := vfs.ReadFile(o.env.FS, keyFile, maxKeyBytes)
	if errors.Is(err, fs.ErrNotExist) { // somebody has removed it
		return nil
	}
	if err != nil {
		return err
	}
	info, err := o.env.FS.Stat(data)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // without content, the process ended before there was any
		return err
	}
	if err == nil && info.Size > 0 {
		path, size := data, info.Size
		if packedKey(string(key)) {
			if path, size, err = o.pack(data, size); err != nil {
				return fmt.Errorf("pack %s: %w", key, err)
			}
		}
		if err := o.putData(ctx, string(key), path, size); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	for _, ending := range []string{s3DataEnding, s3PackedEnding} {
		if err := o.env.FS.Remove(filepath.Join(o.dir, name+ending)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			o.env.Logger.Warn("cannot remove a file that is in S3", "file", name+ending, "error", err)
		}
	}
	return o.env.FS.Remove(keyFile)
}

func (o *s3Writer) putData(ctx context.Context, key, path string, size int64) (err error) {
	f, err := o.env.FS.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	put := o.put
	if packedKey(key) {
		put.ContentEncoding = "gzip"
	}
	_, err = o.client.PutObject(ctx, o.bucket, key, io.LimitReader(f, size), size, put)
	return err
}

// packedKey says that an object is packed, by its name: what a crash left may be of a run with other options.
func packedKey(key string) bool { return strings.HasSuffix(key, s3PackedEnding) }

// pack writes a file's content anew, packed, beside it, and returns that file's name and size.
func (o *s3Writer) pack(path string, size int64) (packed string, packedBytes int64, err error) {
	packed = strings.TrimSuffix(path, s3DataEnding) + s3PackedEnding
	from, err := o.env.FS.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := o.env.FS.Create(packed)
	if err != nil {
		return "", 0, err
	}
	zw := gzip.NewWriter(to)
	_, err = io.Copy(zw, io.LimitReader(from, size))
	if err := errors.Join(err, zw.Close()); err != nil {
		return "", 0, errors.Join(err, to.Close())
	}
	packedBytes, err = to.Size()
	return packed, packedBytes, errors.Join(err, to.Close())
}

// Close puts what is left into the bucket, each file by one try and all for a moment; the rest is left to the next run.
func (o *s3Writer) Close() error {
	if o.stop == nil {
		return nil
	}
	o.mu.Lock()
	for prefix := range o.mu.open {
		o.closeLocked(prefix)
	}
	o.mu.Unlock()
	o.finish()
	late := time.AfterFunc(s3CloseTimeout, o.stop)
	o.running.Wait()
	late.Stop()
	o.stop()
	if o.left() > 0 {
		o.env.Logger.Warn("files are not in the bucket yet; the next run puts them there", "folder", o.dir, "bucket", o.bucket)
	}
	return o.folder.leave()
}
