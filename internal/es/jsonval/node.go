package jsonval

// Kind says which JSON type a Node or Scalar has.
type Kind uint8

// The JSON types. The zero Kind is null, so that a zero Scalar is null.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// String returns the token name that Elasticsearch puts in its messages.
func (k Kind) String() string {
	return [...]string{"VALUE_NULL", "VALUE_BOOLEAN", "VALUE_NUMBER", "VALUE_STRING", "START_ARRAY", "START_OBJECT"}[k]
}

// Node is one value of a parsed document. Nodes are read-only and alias the
// bytes given to Parse.
type Node struct {
	Kind Kind
	// Text is the unescaped string, the number's literal, or "true"/"false".
	Text string
	// Keys are the members' names of an object, in source order.
	Keys []string
	// Items are the elements of an array, or the values of an object, where
	// Items[i] belongs to Keys[i].
	Items []Node
	// Raw is the value as written.
	Raw []byte
	// Line and Col are the 1-based position of the value's first byte.
	Line, Col int
}

// Get returns the member named key of an object, or nil.
func (n *Node) Get(key string) *Node {
	for i := range n.Keys {
		if n.Keys[i] == key {
			return &n.Items[i]
		}
	}
	return nil
}

// IsScalar reports whether the node is neither array nor object.
func (n *Node) IsScalar() bool { return n.Kind < Array }

// Scalar returns the node's value; the node must be a scalar.
func (n *Node) Scalar() Scalar { return Scalar{Kind: n.Kind, Text: n.Text} }
