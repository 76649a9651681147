package clients

import (
	"errors"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/sr"
)

func TestCreate(t *testing.T) {
	r := open(t)
	subject, schema := name("create"), record(name("Create"), field("a", `"int"`))
	created := r.create(subject, schema)
	r.same(created.Subject, subject)
	r.same(created.Version, 1)
	r.same(created.Schema.Schema, schema.Schema)
	r.same(created.Type, sr.TypeAvro)
	r.same(len(created.GUID), 36)
	r.same(r.create(subject, schema), created)
	r.same(must(r.RegisterSchema(r.ctx, subject, schema, -1, -1)), created.ID)
	r.same(must(r.LookupSchema(r.ctx, subject, schema)), created)
}

func TestFind(t *testing.T) {
	r := open(t)
	subject, schema := name("find"), record(name("Find"), field("a", `"int"`))
	created := r.create(subject, schema)

	r.same(must(r.SchemaByID(r.ctx, created.ID)), created.Schema)
	r.same(must(r.SchemaByID(r.with(sr.Subject(subject), sr.Format("resolved"), sr.FetchMaxID), created.ID)), created.Schema)
	r.same(must(r.SchemaTextByID(r.ctx, created.ID)), schema.Schema)
	r.same(must(r.SubjectsByID(r.ctx, created.ID)), []string{subject})
	uses := []sr.SubjectVersion{{Subject: subject, Version: 1}}
	r.same(must(r.SchemaVersionsByID(r.ctx, created.ID)), uses)
	r.same(must(r.SchemaUsagesByID(r.ctx, created.ID)), []sr.SubjectSchema{created})

	r.same(must(r.SchemaByGUID(r.ctx, created.GUID)), sr.SubjectSchema{GUID: created.GUID, Schema: created.Schema})
	ids := []sr.ContextID{{Context: ".", ID: created.ID}}
	r.same(must(r.SchemaIDsByGUID(r.ctx, created.GUID)), ids)

	for _, version := range []int{1, -1} {
		r.same(must(r.SchemaByVersion(r.ctx, subject, version)), created)
		r.same(must(r.SchemaTextByVersion(r.ctx, subject, version)), schema.Schema)
	}
	r.same(must(r.SubjectVersions(r.ctx, subject)), []int{1})
	r.same(must(r.Schemas(r.ctx, subject)), []sr.SubjectSchema{created})
	r.same(must(r.AllSchemas(r.with(sr.SubjectPrefix(subject)))), []sr.SubjectSchema{created})
}

func TestNotFound(t *testing.T) {
	r := open(t)
	unknown, subject := name("unknown"), name("known")
	created := r.create(subject, record(name("Known"), field("a", `"int"`)))
	_, err := r.SchemaByID(r.ctx, 2000000000)
	r.refused(err, 40403, "Schema 2000000000 not found")
	var refusal *sr.ResponseError
	if !errors.As(err, &refusal) || !errors.Is(refusal.SchemaError(), sr.ErrSchemaNotFound) {
		t.Fatal(err)
	}
	_, err = r.SchemaByGUID(r.ctx, "00000000-0000-0000-0000-000000000000")
	r.refused(err, 40403, "Schema 00000000-0000-0000-0000-000000000000 not found")
	_, err = r.SubjectsByID(r.ctx, 2000000000)
	r.refused(err, 40403, "Schema not found")
	_, err = r.SubjectVersions(r.ctx, unknown)
	r.refused(err, 40401, "Subject '"+unknown+"' not found.")
	_, err = r.SchemaByVersion(r.ctx, unknown, -1)
	r.refused(err, 40401, unknown)
	_, err = r.SchemaByVersion(r.ctx, subject, 7)
	r.refused(err, 40402, "Version 7 not found.")
	_, err = r.SchemaByVersion(r.ctx, subject, 0)
	r.refused(err, 42202, "The specified version '0' is not a valid version id.")
	_, err = r.LookupSchema(r.ctx, unknown, created.Schema)
	r.refused(err, 40401, unknown)
	_, err = r.LookupSchema(r.ctx, subject, record(name("Other")))
	r.refused(err, 40403, "Schema not found")
	err = r.Do(r.ctx, "GET", "/nowhere", nil, nil)
	if !errors.As(err, &refusal) || refusal.ErrorCode != 404 || refusal.Message != "HTTP 404 Not Found" {
		t.Fatal(err)
	}
}

func TestInvalidSchemas(t *testing.T) {
	r := open(t)
	subject := name("invalid")
	for text, detail := range map[string]string{
		`{`:                                     "",
		`"nope"`:                                "",
		`{"type":"record"}`:                     "No name in schema",
		`["int","int"]`:                         "Duplicate in union:int",
		`{"type":"fixed","name":"F","size":-1}`: "Length is negative",
	} {
		_, err := r.CreateSchema(r.ctx, subject, sr.Schema{Schema: text})
		r.refused(err, 42201, detail)
	}
	_, err := r.SubjectVersions(r.ctx, subject)
	r.refused(err, 40401, subject)
}

func TestNormalize(t *testing.T) {
	r := open(t)
	of := name("Normalize")
	one := record(of, field("a", `"int"`, `"y":1`, `"b":2`))
	two := record(of, field("a", `"int"`, `"b":2`, `"y":1`))
	if r.create(name("plain"), one).ID == r.create(name("plain"), two).ID {
		t.Fatal("one id for two texts")
	}
	var ids []int
	for _, schema := range []sr.Schema{one, two} {
		subject := name("normalized")
		created, err := r.CreateSchema(r.with(sr.Normalize), subject, schema)
		r.ok(err)
		r.same(created.Schema.Schema, two.Schema)
		found, err := r.LookupSchema(r.with(sr.Normalize), subject, schema)
		r.ok(err)
		r.same(found, created)
		ids = append(ids, found.ID)
	}
	r.same(ids[0], ids[1])
}

func TestMetadataAndRules(t *testing.T) {
	r := open(t)
	schema := record(name("Contract"), field("a", `"string"`))
	schema.SchemaMetadata = &sr.SchemaMetadata{
		Tags:       map[string][]string{"**.a": {"PII"}},
		Properties: map[string]string{"owner": "stock"},
		Sensitive:  []string{"owner"},
	}
	schema.SchemaRuleSet = &sr.SchemaRuleSet{
		MigrationRules: []sr.SchemaRule{{
			Name: "up", Kind: sr.SchemaRuleKindTransform, Mode: sr.SchemaRuleModeUpgrade, Type: "JSONATA", Expr: "$",
		}},
		DomainRules: []sr.SchemaRule{{
			Name: "check", Doc: "not empty", Kind: sr.SchemaRuleKindCondition, Mode: sr.SchemaRuleModeWrite, Type: "CEL",
			Tags: []string{"PII"}, Params: map[string]string{"k": "v"}, Expr: "size(message.a) > 0",
			OnSuccess: "NONE", OnFailure: "ERROR", Disabled: true,
		}},
	}
	created := r.create(name("contract"), schema)
	r.same(created.SchemaMetadata, schema.SchemaMetadata)
	r.same(created.SchemaRuleSet, schema.SchemaRuleSet)
	schema.SchemaRuleSet = &sr.SchemaRuleSet{DomainRules: []sr.SchemaRule{{Name: "no type"}}}
	_, err := r.CreateSchema(r.ctx, name("contract"), schema)
	r.refused(err, 42210, "")
}

func TestTypesAndConnection(t *testing.T) {
	r := open(t)
	types, err := r.SupportedTypes(r.ctx)
	r.ok(err)
	if !slices.Contains(types, sr.TypeAvro) {
		t.Fatal(types)
	}
	var answer map[string]any
	r.ok(r.Do(r.ctx, "GET", "/", nil, &answer))
	r.same(answer, map[string]any{})
}
