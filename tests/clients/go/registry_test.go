// Package clients runs github.com/twmb/franz-go/pkg/sr against the empty registry at REGISTRY_URL.
package clients

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/sr"
)

// registry is a client of the registry under test. It asserts: whatever fails ends the test.
type registry struct {
	*testing.T
	*sr.Client
	ctx context.Context
}

func open(t *testing.T, opts ...sr.ClientOpt) registry {
	t.Helper()
	url := os.Getenv("REGISTRY_URL")
	if url == "" {
		t.Fatal("REGISTRY_URL is not set: `cargo test -p ottla-clients --test go` starts a registry and sets it")
	}
	client, err := sr.NewClient(append([]sr.ClientOpt{sr.URLs(url)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	running = t
	return registry{t, client, t.Context()}
}

// with gives the same client with parameters for the calls to come.
func (r registry) with(params ...sr.Param) context.Context {
	return sr.WithParams(r.ctx, params...)
}

var names atomic.Int64

// name gives a name that no other test uses.
func name(stem string) string {
	return fmt.Sprintf("%s%d", stem, names.Add(1))
}

// record gives the schema of a record in the registry's own spelling; fields are JSON objects.
func record(name string, fields ...string) sr.Schema {
	return sr.Schema{Schema: fmt.Sprintf(`{"type":"record","name":%q,"fields":[%s]}`, name, strings.Join(fields, ","))}
}

// field gives a field; attributes are JSON.
func field(name, typ string, attributes ...string) string {
	parts := append([]string{fmt.Sprintf(`"name":%q,"type":%s`, name, typ)}, attributes...)
	return "{" + strings.Join(parts, ",") + "}"
}

// create registers a schema.
func (r registry) create(subject string, s sr.Schema) sr.SubjectSchema {
	r.Helper()
	created, err := r.CreateSchema(r.ctx, subject, s)
	r.ok(err)
	return created
}

func (r registry) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// running is the test that runs: there is one at a time.
var running *testing.T

// must gives what a call gave, if it did not fail.
func must[T any](got T, err error) T {
	running.Helper()
	if err != nil {
		running.Fatal(err)
	}
	return got
}

func (r registry) same(got, expected any) {
	r.Helper()
	if !reflect.DeepEqual(got, expected) {
		r.Fatalf("\n     got %#v\nexpected %#v", got, expected)
	}
}

// refused checks that an error has a code, its first three digits as status, and a text in its message.
func (r registry) refused(err error, code int, text string) {
	r.Helper()
	var refusal *sr.ResponseError
	if !errors.As(err, &refusal) {
		r.Fatalf("not refused with %d: %v", code, err)
	}
	if refusal.ErrorCode != code || refusal.StatusCode != code/100 || !strings.Contains(refusal.Message, text) {
		r.Fatalf("refused with %d %d %q, not %d %q", refusal.StatusCode, refusal.ErrorCode, refusal.Message, code, text)
	}
}
