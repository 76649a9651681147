package clients

import (
	"fmt"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/sr"
)

// grow registers so many versions, each with a field more.
func (r registry) grow(subject string, versions int) []sr.SubjectSchema {
	r.Helper()
	of := name("Grow")
	var fields []string
	var created []sr.SubjectSchema
	for n := 1; n <= versions; n++ {
		fields = append(fields, field(fmt.Sprintf("f%d", n), `"int"`, `"default":0`))
		created = append(created, r.create(subject, record(of, fields...)))
		r.same(created[n-1].Version, n)
	}
	return created
}

func TestSubjects(t *testing.T) {
	r := open(t)
	prefix := name("list-")
	var subjects []string
	for _, letter := range []string{"a", "b", "c"} {
		subjects = append(subjects, prefix+letter)
		r.grow(prefix+letter, 2)
	}
	within := sr.SubjectPrefix(prefix)
	r.same(must(r.Subjects(r.with(within))), subjects)
	r.same(must(r.Subjects(r.with(within, sr.Offset(1), sr.Limit(1)))), subjects[1:2])
	latest, err := r.AllSchemas(r.with(within, sr.LatestOnly))
	r.ok(err)
	r.same(len(latest), 3)
	all, err := r.AllSchemas(r.with(within))
	r.ok(err)
	r.same(len(all), 6)
	_, older, newest := sr.CommSubjectSchemas(latest, all)
	r.same(len(older), 3)
	r.same(newest, latest)
}

func TestNamesOfSubjects(t *testing.T) {
	r := open(t)
	for _, stem := range []string{"a/b.avsc", "with space", "größe-大", "100%", "a+b", "who?", "#1", "a&b=c", "a;b", "R$", ".x", "~"} {
		subject := name(stem)
		created := r.grow(subject, 1)[0]
		r.same(created.Subject, subject)
		r.same(must(r.Subjects(r.with(sr.SubjectPrefix(subject)))), []string{subject})
		r.ok(r.SetCompatibility(r.ctx, sr.SetCompatibility{Level: sr.CompatNone}, subject)[0].Err)
		r.same(r.Compatibility(r.ctx, subject)[0].Level, sr.CompatNone)
		r.same(must(r.DeleteSubject(r.ctx, subject, sr.SoftDelete)), []int{1})
	}
}

func TestDeleteSchema(t *testing.T) {
	r := open(t)
	subject := name("delete")
	created := r.grow(subject, 3)
	deleted := r.with(sr.ShowDeleted)
	r.refused(r.DeleteSchema(r.ctx, subject, 2, sr.HardDelete), 40407, "was not deleted first")
	r.ok(r.DeleteSchema(r.ctx, subject, 2, sr.SoftDelete))
	r.refused(r.DeleteSchema(r.ctx, subject, 2, sr.SoftDelete), 40406, "was soft deleted")
	r.same(must(r.SubjectVersions(r.ctx, subject)), []int{1, 3})
	r.same(must(r.SubjectVersions(deleted, subject)), []int{1, 2, 3})
	r.same(must(r.SubjectVersions(r.with(sr.DeletedOnly), subject)), []int{2})
	_, err := r.SchemaByVersion(r.ctx, subject, 2)
	r.refused(err, 40402, "Version 2 not found")
	r.same(must(r.SchemaByVersion(deleted, subject, 2)), created[1])
	_, err = r.LookupSchema(r.ctx, subject, created[1].Schema)
	r.refused(err, 40403, "Schema not found")
	r.same(must(r.LookupSchema(deleted, subject, created[1].Schema)), created[1])
	r.same(must(r.Schemas(deleted, subject)), created)
	r.ok(r.DeleteSchema(r.ctx, subject, 2, sr.HardDelete))
	r.same(must(r.SubjectVersions(deleted, subject)), []int{1, 3})
	r.ok(r.DeleteSchema(r.ctx, subject, -1, sr.SoftDelete))
	r.same(must(r.SubjectVersions(r.ctx, subject)), []int{1})
}

func TestDeleteSubject(t *testing.T) {
	r := open(t)
	subject := name("delete")
	created := r.grow(subject, 2)
	only := sr.SubjectPrefix(subject)
	_, err := r.DeleteSubject(r.ctx, subject, sr.HardDelete)
	r.refused(err, 40405, "was not deleted first")
	r.same(must(r.DeleteSubject(r.ctx, subject, sr.SoftDelete)), []int{1, 2})
	_, err = r.DeleteSubject(r.ctx, subject, sr.SoftDelete)
	r.refused(err, 40404, "was soft deleted")
	r.same(must(r.Subjects(r.with(only))), []string{})
	r.same(must(r.Subjects(r.with(only, sr.DeletedOnly))), []string{subject})
	r.same(must(r.Subjects(r.with(only, sr.ShowDeleted))), []string{subject})
	r.same(must(r.SubjectsByID(r.ctx, created[0].ID)), []string{})
	r.same(must(r.SubjectsByID(r.with(sr.ShowDeleted), created[0].ID)), []string{subject})
	r.same(must(r.SchemaByID(r.ctx, created[0].ID)), created[0].Schema)
	r.same(must(r.DeleteSubject(r.ctx, subject, sr.HardDelete)), []int{1, 2})
	_, err = r.SchemaByID(r.ctx, created[0].ID)
	r.refused(err, 40403, "not found")
	_, err = r.DeleteSubject(r.ctx, subject, sr.SoftDelete)
	r.refused(err, 40401, subject)
}

func TestReferences(t *testing.T) {
	r := open(t)
	address, subject := name("Address"), name("customer")
	target := r.create(address, record(address, field("street", `"string"`)))
	schema := record(name("Customer"), field("home", `"`+address+`"`))
	_, err := r.CreateSchema(r.ctx, subject, schema)
	r.refused(err, 42201, "Undefined schema: "+address)
	schema.References = []sr.SchemaReference{{Name: address, Subject: address, Version: 1}}
	created := r.create(subject, schema)
	r.same(created.References, schema.References)
	for _, version := range []int{1, -1} {
		r.same(must(r.SchemaReferences(r.ctx, address, version)), []sr.SubjectSchema{created})
	}
	resolved, err := r.SchemaTextByID(r.with(sr.Format("resolved")), created.ID)
	r.ok(err)
	if !strings.Contains(resolved, `"type":`+target.Schema.Schema) {
		t.Fatal(resolved)
	}
	r.refused(r.DeleteSchema(r.ctx, address, 1, sr.SoftDelete), 42206, "One or more references exist")
	_, err = r.DeleteSubject(r.ctx, address, sr.SoftDelete)
	r.refused(err, 42206, "One or more references exist")
	schema.References[0].Version = 5
	_, err = r.CreateSchema(r.ctx, subject, schema)
	r.refused(err, 42201, `No schema reference found for subject "`+address+`" and version 5`)
}
