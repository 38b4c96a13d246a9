package codec

import (
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// encodings are the encodings of texts by the names that Logstash has for them, which are Ruby's, in alphabetical order. Those of a nil
// Encoding are read by this package itself.
var encodings = []struct {
	name string
	from encoding.Encoding
}{
	{"ASCII", nil}, {"ASCII-8BIT", nil},
	{"BINARY", nil},
	{"Big5", traditionalchinese.Big5},
	{"CP1250", charmap.Windows1250}, {"CP1251", charmap.Windows1251}, {"CP1252", nil}, {"CP1253", charmap.Windows1253}, {"CP1254", charmap.Windows1254},
	{"CP1255", charmap.Windows1255}, {"CP1256", charmap.Windows1256}, {"CP1257", charmap.Windows1257}, {"CP1258", charmap.Windows1258},
	{"CP437", charmap.CodePage437}, {"CP850", charmap.CodePage850}, {"CP852", charmap.CodePage852}, {"CP855", charmap.CodePage855}, {"CP866", charmap.CodePage866},
	{"CP874", charmap.Windows874}, {"CP932", japanese.ShiftJIS}, {"CP936", simplifiedchinese.GBK}, {"CP949", korean.EUCKR}, {"CP950", traditionalchinese.Big5},
	{"EUC-CN", simplifiedchinese.GBK}, {"EUC-JP", japanese.EUCJP}, {"EUC-KR", korean.EUCKR},
	{"GB18030", simplifiedchinese.GB18030}, {"GB2312", simplifiedchinese.GBK}, {"GBK", simplifiedchinese.GBK},
	{"IBM037", charmap.CodePage037}, {"IBM437", charmap.CodePage437}, {"IBM850", charmap.CodePage850}, {"IBM852", charmap.CodePage852}, {"IBM855", charmap.CodePage855},
	{"IBM860", charmap.CodePage860}, {"IBM862", charmap.CodePage862}, {"IBM863", charmap.CodePage863}, {"IBM865", charmap.CodePage865}, {"IBM866", charmap.CodePage866},
	{"ISO-2022-JP", japanese.ISO2022JP},
	{"ISO-8859-1", nil}, {"ISO-8859-10", charmap.ISO8859_10}, {"ISO-8859-13", charmap.ISO8859_13}, {"ISO-8859-14", charmap.ISO8859_14}, {"ISO-8859-15", charmap.ISO8859_15},
	{"ISO-8859-16", charmap.ISO8859_16}, {"ISO-8859-2", charmap.ISO8859_2}, {"ISO-8859-3", charmap.ISO8859_3}, {"ISO-8859-4", charmap.ISO8859_4}, {"ISO-8859-5", charmap.ISO8859_5},
	{"ISO-8859-6", charmap.ISO8859_6}, {"ISO-8859-7", charmap.ISO8859_7}, {"ISO-8859-8", charmap.ISO8859_8}, {"ISO-8859-9", charmap.ISO8859_9},
	{"KOI8-R", charmap.KOI8R}, {"KOI8-U", charmap.KOI8U},
	{"SJIS", japanese.ShiftJIS}, {"Shift_JIS", japanese.ShiftJIS},
	{"US-ASCII", nil},
	{"UTF-16", unicode.UTF16(unicode.BigEndian, unicode.UseBOM)}, {"UTF-16BE", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}, {"UTF-16LE", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	{"UTF-32", utf32.UTF32(utf32.BigEndian, utf32.UseBOM)}, {"UTF-32BE", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)}, {"UTF-32LE", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)},
	{"UTF-8", nil},
	{"Windows-1250", charmap.Windows1250}, {"Windows-1251", charmap.Windows1251}, {"Windows-1252", nil}, {"Windows-1253", charmap.Windows1253}, {"Windows-1254", charmap.Windows1254},
	{"Windows-1255", charmap.Windows1255}, {"Windows-1256", charmap.Windows1256}, {"Windows-1257", charmap.Windows1257}, {"Windows-1258", charmap.Windows1258}, {"Windows-31J", japanese.ShiftJIS},
	{"Windows-874", charmap.Windows874},
	{"macCyrillic", charmap.MacintoshCyrillic}, {"macRoman", charmap.Macintosh},
}

// encodingNames are those of encodings.
func encodingNames() []string {
	names := make([]string, len(encodings))
	for i, e := range encodings {
		names[i] = e.name
	}
	return names
}
