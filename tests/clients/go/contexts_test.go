package clients

import (
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/sr"
)

func TestContexts(t *testing.T) {
	r := open(t)
	of := "." + name("ctx")
	inside := open(t, sr.DefaultSchemaContext(of))
	schema := record(name("Context"), field("a", `"int"`))
	created := inside.create("things", schema)
	qualified := ":" + of + ":things"
	r.same([]any{created.Subject, created.ID, created.Version}, []any{qualified, 1, 1})

	contexts, err := r.Contexts(r.ctx)
	r.ok(err)
	if contexts[0] != "." || !slices.Contains(contexts, of) {
		t.Fatal(contexts)
	}
	r.same(must(r.Contexts(r.with(sr.ContextPrefix(of)))), []string{of})
	r.same(must(r.Subjects(sr.InContext(r.ctx, of))), []string{qualified})
	r.same(must(inside.Subjects(r.ctx)), []string{qualified})
	r.same(must(inside.AllSchemas(r.ctx)), []sr.SubjectSchema{created})
	r.same(must(inside.Schemas(r.ctx, "things")), []sr.SubjectSchema{created})
	r.same(must(inside.SchemaByVersion(r.ctx, "things", -1)), created)
	r.same(must(inside.LookupSchema(r.ctx, "things", schema)), created)
	r.same(must(r.SchemaByVersion(r.ctx, qualified, 1)), created)
	r.same(must(inside.SchemaTextByID(r.ctx, 1)), schema.Schema)
	r.same(must(inside.SubjectsByID(r.ctx, 1)), []string{qualified})

	// The same content has the same GUID everywhere, and an id in each context.
	outside := r.create(name("outside"), schema)
	r.same(outside.GUID, created.GUID)
	ids := []sr.ContextID{{Context: ".", ID: outside.ID}, {Context: of, ID: 1}}
	r.same(must(r.SchemaIDsByGUID(r.ctx, created.GUID)), ids)
}

func TestSettingsOfAContext(t *testing.T) {
	r := open(t)
	of := "." + name("ctx")
	whole, inside := ":"+of+":", sr.InContext(r.ctx, of)
	r.ok(r.SetCompatibility(inside, sr.SetCompatibility{Level: sr.CompatNone})[0].Err)
	r.same(r.Compatibility(r.ctx, whole)[0].Level, sr.CompatNone)
	r.same(r.Compatibility(r.ctx)[0].Level, sr.CompatBackward)
	r.same(r.Compatibility(sr.WithParams(inside, sr.DefaultToGlobal), "things")[0].Level, sr.CompatNone)
	r.ok(r.SetMode(inside, sr.ModeReadOnly)[0].Err)
	_, err := r.CreateSchema(inside, "things", record(name("Set")))
	r.refused(err, 42205, "is in read-only mode")
	r.ok(r.ResetMode(inside)[0].Err)
	r.ok(r.ResetCompatibility(inside)[0].Err)
	r.refused(r.Compatibility(r.ctx, whole)[0].Err, 40408, whole)
}

func TestDeleteContext(t *testing.T) {
	r := open(t)
	of := "." + name("ctx")
	inside := sr.InContext(r.ctx, of)
	_, err := r.CreateSchema(inside, "things", record(name("Gone")))
	r.ok(err)
	r.refused(r.DeleteContext(r.ctx, of), 42211, "The specified context ':"+of+":' is not empty.")
	for _, how := range []sr.DeleteHow{sr.SoftDelete, sr.HardDelete} {
		_, err = r.DeleteSubject(inside, "things", how)
		r.ok(err)
	}
	r.ok(r.DeleteContext(r.ctx, of))
	r.same(must(r.Contexts(r.with(sr.ContextPrefix(of)))), []string{})
}
