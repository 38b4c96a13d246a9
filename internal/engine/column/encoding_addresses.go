package column

// The addresses encoding is for text that is IPv4 addresses in their usual form, four numbers of 0 to 255 without leading zeros: four
// bytes each.
//
//	codec | length | the addresses end to end (see appendCompressed)

// addressBytes is what an address takes.
const addressBytes = 4

// packAddress appends an address's four bytes. ok is false when the text is none, or one in another form.
func packAddress(dst, text []byte) (out []byte, ok bool) {
	parts, value, digits := 0, 0, 0
	for i := 0; ; i++ {
		if i < len(text) && text[i]-'0' <= 9 {
			if digits > 0 && value == 0 {
				return dst, false
			}
			value = 10*value + int(text[i]-'0')
			if digits++; value > 255 {
				return dst, false
			}
			continue
		}
		if digits == 0 {
			return dst, false
		}
		dst = append(dst, byte(value))
		if parts++; i == len(text) || parts == addressBytes {
			return dst, i == len(text) && parts == addressBytes
		}
		if text[i] != '.' {
			return dst, false
		}
		value, digits = 0, 0
	}
}

// decimals prints the numbers of a byte.
var decimals = func() (table [256]string) {
	const digits = "0123456789"
	for i := range table {
		if i >= 100 {
			table[i] = digits[i/100 : i/100+1]
		}
		if i >= 10 {
			table[i] += digits[i/10%10 : i/10%10+1]
		}
		table[i] += digits[i%10 : i%10+1]
	}
	return table
}()

func appendAddress(dst, packed []byte) []byte {
	for i, b := range packed {
		if i > 0 {
			dst = append(dst, '.')
		}
		dst = append(dst, decimals[b]...)
	}
	return dst
}

// appendAddresses appends the values as addresses, unless one of them is none.
func appendAddresses(dst []byte, t textValues, level Level) ([]byte, bool) {
	packed, ok := packAddress(nil, t.data[:t.ends[0]])
	if !ok {
		return dst, false
	}
	packed = append(make([]byte, 0, addressBytes*len(t.ends)), packed...)
	for i := 1; i < len(t.ends); i++ {
		if packed, ok = packAddress(packed, t.data[t.ends[i-1]:t.ends[i]]); !ok {
			return dst, false
		}
	}
	return appendCompressed(append(dst, byte(encAddresses)), packed, level), true
}

// readAddresses decodes values [lo, hi) of a stream of total addresses, behind its encoding.
func readAddresses(dst textValues, src []byte, total, lo, hi int) (textValues, error) {
	scratch := chunkScratch.Get().(*textScratch)
	defer scratch.release()
	packed, err := scratch.unpack(src, uint64(total)*addressBytes)
	if err != nil {
		return dst, err
	}
	for i := lo; i < hi; i++ {
		dst.data = appendAddress(dst.data, packed[i*addressBytes:(i+1)*addressBytes])
		dst.ends = append(dst.ends, uint32(len(dst.data)))
	}
	return dst, nil
}

// HasForm says whether the values of a block are all ids of one form or addresses, which take less than texts by template.
func (b *Block) HasForm() bool {
	t := textValues{b.Data, b.Ends}
	if b.Kind != Bytes || len(t.ends) == 0 {
		return false
	}
	if b.Present != nil { // the values of absent rows are empty
		t = textValues{b.Data, presentEnds(b)}
		if len(t.ends) == 0 {
			return false
		}
	}
	form, isID := formOf(t)
	var packed []byte
	start := uint32(0)
	for _, end := range t.ends {
		ok := false
		if isID {
			packed, ok = form.pack(packed[:0], b.Data[start:end])
		} else {
			packed, ok = packAddress(packed[:0], b.Data[start:end])
		}
		if !ok {
			return false
		}
		start = end
	}
	return true
}

func presentEnds(b *Block) (ends []uint32) {
	for r := b.Present.Next(0); r >= 0; r = b.Present.Next(r + 1) {
		ends = append(ends, b.Ends[r])
	}
	return ends
}
