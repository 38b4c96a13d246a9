package column

// The frames encoding cuts a stream into frames of frameValues values, each a stream of its own: an outlier, or a
// step from one writer's values to another's, then widens one frame instead of a whole block.
//
//	per frame: its length (uvarint)
//	per frame: a stream, constant, packed, of deltas or linear

// frameValues is the number of values of a frame; the last has the rest.
const frameValues = 256

// framesGain is the share of the bytes (one in so many) that frames must save: they take longer to read.
const framesGain = 8

func appendFrames[T integer](dst []byte, values []T, plans []intPlan) []byte {
	dst = append(dst, byte(encFrames))
	var frames []byte
	for i := range plans {
		before := len(frames)
		frames = appendRun(frames, frameOf(values, i), plans[i])
		dst = appendUvarint(dst, uint64(len(frames)-before))
	}
	return append(dst, frames...)
}

// frameOf returns the values of a frame.
func frameOf[T integer](values []T, i int) []T {
	return values[i*frameValues : min((i+1)*frameValues, len(values))]
}

// framesIn is the number of frames of n values.
func framesIn(n int) int { return (n + frameValues - 1) / frameValues }

// frameReader goes through the frames of a stream.
type frameReader struct {
	lengths, frames cursor
	first, total    int
}

// next returns the next frame's bytes and the numbers of its values, [first, end). It fails beyond the last.
func (r *frameReader) next() (raw []byte, first, end int) {
	first = r.first
	r.first = min(first+frameValues, r.total)
	return r.frames.take(r.lengths.uvarint()), first, r.first
}

// parseFrames checks the heads of all frames, so that decoding cannot fail.
func (s *intStream) parseFrames(c *cursor) error {
	count := framesIn(s.n)
	s.frames = frameReader{lengths: *c, total: s.n}
	for range count {
		if c.uvarint(); c.bad {
			return damaged("%d frames in %d bytes", count, len(s.frames.lengths.rest))
		}
	}
	s.frames.frames = *c
	check := s.frames
	for range count {
		raw, first, end := check.next()
		if check.frames.bad {
			return damaged("frame of values %d to %d", first, end)
		}
		if _, err := parseRun(raw, end-first); err != nil {
			return err
		}
	}
	return nil
}

func decodeFrames[T integer](s *intStream, from int, dst []T) {
	to := from + len(dst)
	for r := s.frames; r.first < to; {
		raw, first, end := r.next()
		if end <= from {
			continue
		}
		frame, _ := parseRun(raw, end-first) // parseFrames has found no fault in it
		lo, hi := max(from, first), min(to, end)
		decodeRun(&frame, lo-first, dst[lo-from:hi-from])
	}
}
