package input

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"elkhorn/internal/vfs"
)

// s3Since is how far the bucket is read: all objects older than at, and of those of that very time the keys.
type s3Since struct {
	at   time.Time
	keys map[string]bool
}

func (s *s3Since) has(o minio.ObjectInfo) bool {
	return o.LastModified.Before(s.at) || o.LastModified.Equal(s.at) && s.keys[o.Key]
}

// add notes an object; began says that it is the first one of its time.
func (s *s3Since) add(o minio.ObjectInfo) (began bool) {
	if began = s.keys == nil || o.LastModified.After(s.at); began {
		s.at, s.keys = o.LastModified, map[string]bool{}
	}
	s.keys[o.Key] = true
	return began
}

// The file of what was read begins with the time; a line for each key of that time follows. A key that a line cannot hold as it is stands
// in quotes. A last line without its end is what a crash has left of one.

// appendKey writes a key's line.
func appendKey(dst []byte, key string) []byte {
	if strings.ContainsAny(key, "\n\r") || strings.HasPrefix(key, `"`) {
		dst = strconv.AppendQuote(dst, key)
	} else {
		dst = append(dst, key...)
	}
	return append(dst, '\n')
}

// parseKey reads a key's line. One in quotes that are none of ours is of an older version, and the key itself.
func parseKey(line string) string {
	if key, err := strconv.Unquote(line); err == nil && strings.HasPrefix(line, `"`) {
		return key
	}
	return line
}

// Open reads how far an earlier run came.
func (r *s3Reader) Open(context.Context) error {
	const maxBytes = 256 << 20 // the keys of one second, 10,000 of the longest ones and more
	text, err := vfs.ReadFile(r.env.FS, r.sincePath, maxBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read which objects were read: %w", err)
	}
	first, rest, _ := strings.Cut(string(text), "\n")
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05 -0700"} { // the others are Logstash's
		at, err := time.Parse(layout, strings.TrimSpace(first))
		if err != nil {
			continue
		}
		r.mu.since = s3Since{at: at, keys: map[string]bool{}}
		for line := range strings.Lines(rest) {
			if key, whole := strings.CutSuffix(line, "\n"); whole {
				r.mu.since.keys[parseKey(key)] = true
			}
		}
		return nil
	}
	return fmt.Errorf("%s does not begin with a time; move it away to read all objects again", r.sincePath)
}

// settleDone copies, deletes and notes the objects whose events are safe, up to the first one with events under way.
func (r *s3Reader) settleDone(ctx context.Context) error {
	var settled []minio.ObjectInfo
	var failed error
	r.mu.Lock()
	for _, o := range r.mu.waiting {
		if !o.done {
			break
		}
		settled = append(settled, o.info)
	}
	r.mu.Unlock()
	for i, info := range settled {
		if failed = r.putAway(ctx, info); failed != nil {
			settled = settled[:i]
			break
		}
	}
	if len(settled) == 0 {
		return failed
	}
	if err := r.keep(settled); err != nil {
		return errors.Join(failed, err)
	}
	r.mu.Lock()
	r.mu.waiting = r.mu.waiting[len(settled):]
	r.mu.Unlock()
	return failed
}

// putAway copies and deletes an object, as the configuration says.
func (r *s3Reader) putAway(ctx context.Context, info minio.ObjectInfo) error {
	if r.backupBucket != "" {
		if _, err := r.client.CopyObject(ctx, minio.CopyDestOptions{Bucket: r.backupBucket, Object: r.backupPrefix + info.Key}, minio.CopySrcOptions{Bucket: r.bucket, Object: info.Key}); err != nil {
			return fmt.Errorf("copy %s: %w", info.Key, err)
		}
	}
	if r.remove {
		if err := r.client.RemoveObject(ctx, r.bucket, info.Key, minio.RemoveObjectOptions{}); err != nil {
			return fmt.Errorf("delete %s: %w", info.Key, err)
		}
	}
	return nil
}

// keep notes objects in memory and in the file. Keys of the time that the file begins with are written behind the others; another time
// begins it anew.
func (r *s3Reader) keep(settled []minio.ObjectInfo) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var added []byte
	for _, info := range settled {
		if r.mu.since.add(info) {
			added, r.mu.appendable = nil, false
		}
		added = appendKey(added, info.Key)
	}
	if r.mu.appendable {
		r.mu.appendable = false // until it is known to have gone well
		if err := r.appendSince(added); err != nil {
			return err
		}
		r.mu.appendable = true
		return nil
	}
	text := append([]byte(r.mu.since.at.UTC().Format(time.RFC3339Nano)), '\n')
	for key := range r.mu.since.keys {
		text = appendKey(text, key)
	}
	if err := vfs.MkdirAllSync(r.env.FS, filepath.Dir(r.sincePath)); err != nil {
		return err
	}
	if err := vfs.WriteFileAtomic(r.env.FS, r.sincePath, text); err != nil {
		return err
	}
	r.mu.appendable = true
	return nil
}

func (r *s3Reader) appendSince(lines []byte) (err error) {
	f, err := r.env.FS.OpenAppend(r.sincePath)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(lines); err != nil {
		return err
	}
	return f.Sync()
}
