package clients

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/twmb/franz-go/pkg/sr"
)

type reading struct {
	Sensor string
	Value  int
}

// The client frames messages with ids that the registry gave; it leaves the encoding to others, here to JSON.
func TestSerde(t *testing.T) {
	r := open(t)
	created := r.create(name("serde"), record(name("Reading"), field("sensor", `"string"`), field("value", `"int"`)))
	var serde sr.Serde
	serde.Register(created.ID, reading{}, sr.EncodeFn(json.Marshal), sr.DecodeFn(json.Unmarshal))
	message, err := serde.Encode(reading{"north", 7})
	r.ok(err)
	id, _, err := serde.DecodeID(message)
	r.ok(err)
	r.same(id, created.ID)
	found, err := r.SchemaByID(r.ctx, id)
	r.ok(err)
	r.same(found, created.Schema)
	r.same(must(serde.DecodeNew(message)), &reading{"north", 7})
	r.ok(new(sr.ConfluentHeader).UpdateID(message, uint32(id+1)))
	if _, err = serde.DecodeNew(message); !errors.Is(err, sr.ErrNotRegistered) {
		t.Fatal(err)
	}
}

// The second address is asked where the first one does not answer.
func TestSeveralAddresses(t *testing.T) {
	r := open(t)
	urls := append([]string{"http://127.0.0.1:1"}, r.OptValue(sr.URLs).([]string)...)
	several := open(t, sr.URLs(urls...), sr.BasicAuth("user", "password"), sr.UserAgent("several"))
	_, err := several.Subjects(r.ctx)
	r.ok(err)
}
