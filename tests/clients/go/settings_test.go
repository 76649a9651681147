package clients

import (
	"testing"

	"github.com/twmb/franz-go/pkg/sr"
)

func TestCompatibilityLevels(t *testing.T) {
	r := open(t)
	subject, other := name("level"), name("level")
	results := r.Compatibility(r.ctx, subject, sr.GlobalSubject)
	r.refused(results[0].Err, 40408, "Subject '"+subject+"' does not have subject-level compatibility configured")
	r.same(results[1], sr.CompatibilityResult{Level: sr.CompatBackward})
	for _, level := range []sr.CompatibilityLevel{
		sr.CompatNone, sr.CompatBackward, sr.CompatBackwardTransitive, sr.CompatForward,
		sr.CompatForwardTransitive, sr.CompatFull, sr.CompatFullTransitive,
	} {
		for _, result := range r.SetCompatibility(r.ctx, sr.SetCompatibility{Level: level}, subject, other) {
			r.ok(result.Err)
			r.same(result.Level, level)
		}
		r.same(r.Compatibility(r.ctx, subject)[0], sr.CompatibilityResult{Subject: subject, Level: level})
	}
	reset := r.ResetCompatibility(r.ctx, subject, other, name("unknown"))
	r.ok(reset[0].Err)
	r.ok(reset[1].Err)
	r.refused(reset[2].Err, 40401, "not found")
	r.refused(r.Compatibility(r.ctx, subject)[0].Err, 40408, subject)
	r.same(r.Compatibility(r.with(sr.DefaultToGlobal), subject)[0].Level, sr.CompatBackward)
	bad := r.SetCompatibility(r.ctx, sr.SetCompatibility{Level: sr.CompatibilityLevel(99)}, subject)[0]
	if bad.Err == nil {
		t.Fatal("a level that is none was taken")
	}
}

func TestGlobalCompatibility(t *testing.T) {
	r := open(t)
	r.same(r.SetCompatibility(r.ctx, sr.SetCompatibility{Level: sr.CompatFull})[0], sr.CompatibilityResult{Level: sr.CompatFull})
	r.same(r.Compatibility(r.ctx)[0].Level, sr.CompatFull)
	r.ok(r.ResetCompatibility(r.ctx)[0].Err)
	r.same(r.Compatibility(r.ctx)[0].Level, sr.CompatBackward)
}

func TestConfiguration(t *testing.T) {
	r := open(t)
	subject := name("config")
	set := sr.SetCompatibility{
		Level:            sr.CompatForward,
		Normalize:        true,
		Group:            "major",
		DefaultMetadata:  &sr.SchemaMetadata{Properties: map[string]string{"team": "stock"}},
		OverrideMetadata: &sr.SchemaMetadata{Properties: map[string]string{"checked": "yes"}},
		DefaultRuleSet: &sr.SchemaRuleSet{DomainRules: []sr.SchemaRule{{
			Name: "r", Kind: sr.SchemaRuleKindCondition, Mode: sr.SchemaRuleModeWrite, Type: "CEL", Expr: "true",
		}}},
	}
	expected := sr.CompatibilityResult{
		Subject: subject, Level: set.Level, Normalize: true, Group: set.Group, DefaultMetadata: set.DefaultMetadata,
		OverrideMetadata: set.OverrideMetadata, DefaultRuleSet: set.DefaultRuleSet,
	}
	r.same(r.SetCompatibility(r.ctx, set, subject)[0], expected)
	r.same(r.Compatibility(r.ctx, subject)[0], expected)
	created := r.create(subject, record(name("Config"), field("a", `"int"`)))
	r.same(created.SchemaMetadata.Properties, map[string]string{"team": "stock", "checked": "yes"})
	r.same(created.SchemaRuleSet, set.DefaultRuleSet)
	// A level alone leaves the rest as it is.
	expected.Level = sr.CompatFull
	r.same(r.SetCompatibility(r.ctx, sr.SetCompatibility{Level: sr.CompatFull}, subject)[0], expected)
}

func TestAlias(t *testing.T) {
	r := open(t)
	subject, alias := name("real"), name("alias")
	created := r.grow(subject, 1)[0]
	set := sr.SetCompatibility{Level: sr.CompatBackward, Alias: subject}
	r.ok(r.SetCompatibility(r.ctx, set, alias)[0].Err)
	r.same(must(r.SchemaByVersion(r.ctx, alias, -1)), created)
}

func TestCheckCompatibility(t *testing.T) {
	r := open(t)
	subject, of := name("check"), name("Check")
	first := record(of, field("a", `"int"`))
	good := record(of, field("a", `"long"`), field("b", `"int"`, `"default":0`))
	bad := record(of, field("a", `"int"`), field("b", `"int"`))
	yes := sr.CheckCompatibilityResult{Is: true}
	r.same(must(r.CheckCompatibility(r.ctx, subject, -1, first)), yes)
	_, err := r.CheckCompatibility(r.ctx, subject, 1, first)
	r.refused(err, 40402, "Version 1 not found")
	r.create(subject, first)
	for _, version := range []int{1, -1, -2} {
		r.same(must(r.CheckCompatibility(r.ctx, subject, version, good)), yes)
		r.same(must(r.CheckCompatibility(r.ctx, subject, version, bad)), sr.CheckCompatibilityResult{})
		verbose, err := r.CheckCompatibility(r.with(sr.Verbose, sr.Normalize), subject, version, bad)
		r.ok(err)
		r.same(verbose.Is, false)
		if len(verbose.Messages) == 0 {
			t.Fatal("verbose, and no reason")
		}
	}
	_, err = r.CreateSchema(r.ctx, subject, bad)
	r.refused(err, 40901, "READER_FIELD_MISSING_DEFAULT_VALUE")
	r.same(r.create(subject, good).Version, 2)
	invalid, err := r.CheckCompatibility(r.with(sr.Verbose), subject, -1, sr.Schema{Schema: "{"})
	r.ok(err)
	r.same(invalid.Is, false)
}

func TestModes(t *testing.T) {
	r := open(t)
	subject := name("mode")
	created := r.grow(subject, 1)[0]
	results := r.Mode(r.ctx, subject, sr.GlobalSubject)
	r.refused(results[0].Err, 40409, "Subject '"+subject+"' does not have subject-level mode configured")
	r.same(results[1], sr.ModeResult{Mode: sr.ModeReadWrite})
	r.same(r.Mode(r.with(sr.DefaultToGlobal), subject)[0].Mode, sr.ModeReadWrite)
	r.same(r.SetMode(r.ctx, sr.ModeReadOnly, subject)[0], sr.ModeResult{Subject: subject, Mode: sr.ModeReadOnly})
	r.same(r.Mode(r.ctx, subject)[0].Mode, sr.ModeReadOnly)
	_, err := r.CreateSchema(r.ctx, subject, record(name("Mode")))
	r.refused(err, 42205, "Subject "+subject+" in context  is in read-only mode")
	r.same(r.create(subject, created.Schema), created)
	r.refused(r.SetMode(r.ctx, sr.ModeImport, subject)[0].Err, 42205, "Cannot import since found existing subjects")
	r.ok(r.SetMode(r.with(sr.Force), sr.ModeImport, subject)[0].Err)
	r.same(r.ResetMode(r.ctx, subject)[0], sr.ModeResult{Subject: subject, Mode: sr.ModeImport})
	r.refused(r.Mode(r.ctx, subject)[0].Err, 40409, subject)
	r.refused(r.ResetMode(r.ctx, subject)[0].Err, 40401, subject)
}

func TestGlobalMode(t *testing.T) {
	r := open(t)
	r.same(r.SetMode(r.ctx, sr.ModeReadOnly)[0], sr.ModeResult{Mode: sr.ModeReadOnly})
	_, err := r.CreateSchema(r.ctx, name("mode"), record(name("Mode")))
	r.same(r.ResetMode(r.ctx)[0], sr.ModeResult{Mode: sr.ModeReadOnly})
	r.refused(err, 42205, "is in read-only mode")
	r.same(r.Mode(r.ctx)[0].Mode, sr.ModeReadWrite)
}

// A migration from another registry keeps ids and versions.
func TestImport(t *testing.T) {
	r := open(t)
	subject, schema := name("import"), record(name("Import"), field("a", `"int"`))
	_, err := r.CreateSchemaWithIDAndVersion(r.ctx, subject, schema, 70001, 3)
	r.refused(err, 42205, "is not in import mode")
	r.ok(r.SetMode(r.ctx, sr.ModeImport, subject)[0].Err)
	created, err := r.CreateSchemaWithIDAndVersion(r.ctx, subject, schema, 70001, 3)
	r.ok(err)
	r.same([]int{created.ID, created.Version}, []int{70001, 3})
	_, err = r.RegisterSchema(r.ctx, subject, record(name("Import")), 70001, 4)
	r.refused(err, 42205, "Overwrite new schema with id 70001")
	r.ok(r.ResetMode(r.ctx, subject)[0].Err)
	if next := r.create(name("import"), record(name("Import"))); next.ID <= 70001 {
		t.Fatal(next)
	}
}
