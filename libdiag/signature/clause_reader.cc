#include "signature/clause_reader.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "event/vocabulary.h"
#include "signature/table_reader.h"

namespace diag::sig {

namespace {

using Role = Clause::Role;

struct KeyRule {
  std::string_view key;
  std::array<bool, 4> roles;  // event, until, support, exclude
};
constexpr std::array<KeyRule, 21> key_rules = {
    {{"kind", {true, true, true, true}},       {"any", {true, true, true, true}},
     {"none", {true, true, true, true}},       {"path", {true, true, true, true}},
     {"path_top", {true, true, true, true}},   {"path_repeats", {true, true, true, true}},
     {"count", {true, false, true, true}},     {"in", {true, false, true, true}},
     {"per", {true, false, true, true}},       {"count_of", {true, false, true, true}},
     {"because", {true, true, true, true}},    {"ask", {true, true, true, true}},
     {"unverified", {true, true, true, true}}, {"near", {false, false, true, true}},
     {"scope", {false, false, true, true}},    {"as", {false, false, true, true}},
     {"either", {false, false, true, true}},   {"if_unknown", {false, false, true, true}},
     {"makes", {false, false, true, false}},   {"leaves", {false, false, false, true}},
     {"lasts", {false, true, false, false}}}};

constexpr std::array<std::string_view, 4> tables = {"[event]", "[until]", "[[support]]", "[[exclude]]"};

const KeyRule* rule_of(std::string_view key) {
  const auto at = std::ranges::find(key_rules, key, &KeyRule::key);
  return at == key_rules.end() ? nullptr : &*at;
}

bool is_common(std::string_view field) {
  return std::ranges::find(common_fields(), field, &FieldSpec::name) != common_fields().end();
}

bool is_field_of_all_kernel_events(std::string_view field) {
  return std::ranges::find(kernel_fields(), field, &FieldSpec::name) != kernel_fields().end();
}

// A finding may rest on what is the event's own: its text, function, path, numbers, and the fields only its kind has.
bool is_anchor(std::string_view field, FieldType type) {
  if (field == "level") return false;
  const bool telling = type == FieldType::text || type == FieldType::symbol || type == FieldType::number ||
                       type == FieldType::address || type == FieldType::bytes;
  if (is_common(field)) return type == FieldType::number;
  return telling || !is_field_of_all_kernel_events(field);
}

class ClauseReader {
 public:
  ClauseReader(Role role, const Node& table, std::string name, const FieldScope* subject, Mistakes& mistakes)
      : table_(table),
        subject_(subject),
        mistakes_(mistakes),
        reader_(table, tables[static_cast<std::size_t>(role)], mistakes) {
    clause_.role = role;
    clause_.name = std::move(name);
    clause_.at = table.at;
  }

  Clause read() {
    read_kinds();
    open_scope();
    if (!kind_failed_) read_tests();
    read_path(table_, clause_.path);
    if (!kind_failed_) read_sets("any", clause_.any);
    if (!kind_failed_) read_sets("none", clause_.none);
    read_series();
    read_place();
    read_weight();
    clause_.because =
        Template(clause_.role == Role::until ? reader_.text("because") : reader_.required_text("because"));
    clause_.ask = reader_.text("ask");
    clause_.unverified = reader_.text("unverified");
    check_message_text();
    return std::move(clause_);
  }

 private:
  std::string_view where() const { return tables[static_cast<std::size_t>(clause_.role)]; }

  // The fields that tests of this clause may name: its kinds', or the subject's, and what its patterns capture.
  void open_scope() {
    if (!clause_.kinds.any()) {
      scope_.kinds = clause_.kinds.names;
    } else if (subject_) {
      scope_ = *subject_;
    }
  }

  void read_kinds() {
    if (clause_.role == Role::event || clause_.role == Role::until) reader_.required("kind");
    const Entry* entry = reader_.entry("kind");
    if (entry == nullptr) {
      kind_failed_ = clause_.role == Role::event || clause_.role == Role::until;
      return;
    }
    clause_.kinds = kinds(*entry);
    kind_failed_ = clause_.kinds.any();
  }

  Kinds kinds(const Entry& entry) {
    Kinds out;
    out.at = entry.value.at;
    std::vector<Place> places;
    out.written = texts_of(entry, mistakes_, &places);
    for (std::size_t i = 0; i < out.written.size(); ++i) add_kind(out.written[i], places[i], out);
    return out;
  }

  void add_kind(const std::string& word, Place at, Kinds& out) {
    const auto members = class_members(word);
    if (!members.empty()) {
      for (const auto member : members) out.names.emplace_back(member);
    } else if (find_kind(word) != nullptr) {
      out.names.push_back(word);
    } else {
      std::vector<std::string_view> known(class_names().begin(), class_names().end());
      for (const auto table : {kernel_kinds(), log_kinds(), config_kinds(), probe_kinds()}) {
        for (const KindSpec& k : table) known.push_back(k.name);
      }
      std::string hint = suggestion(word, known);
      if (hint.empty() && word.find('.') != std::string::npos)
        hint = " (not supported yet: kinds stated in signatures/kinds/)";
      mistakes_.add(at, fmt::format("unknown kind '{}'{}", word, hint));
    }
  }

  // ---- tests

  void read_tests() {
    std::vector<DottedEntry> later;
    for (const DottedEntry& e : dotted_entries(table_, {"any", "none"})) {
      if (rule_of(e.name)) {
        check_role(e);
      } else if (!read_known(e, scope_, clause_.tests)) {
        later.push_back(e);
      }
    }
    // Groups are fields too, wherever they are captured.
    for (const DottedEntry& e : later) read_captured(e, scope_, clause_.tests);
  }

  void check_role(const DottedEntry& e) {
    const KeyRule* rule = rule_of(e.name);
    if (rule->roles[static_cast<std::size_t>(clause_.role)]) return;
    std::string places;
    for (std::size_t r = 0; r < tables.size(); ++r) {
      if (rule->roles[r]) places += fmt::format("{}{}", places.empty() ? "" : " or ", tables[r]);
    }
    mistakes_.add(e.entry->at, fmt::format("'{}' belongs in {}, not in {}", e.name, places, where()));
  }

  // False: no field of that name is known yet.
  bool read_known(const DottedEntry& e, const FieldScope& fields, std::vector<Test>& out) {
    const auto found = fields.find(e.name);
    if (!found || !found->type) return false;
    add_test(found->name, *found->type, e, out);
    return true;
  }

  void read_captured(const DottedEntry& e, const FieldScope& fields, std::vector<Test>& out) {
    if (!fields.find(e.name)) {
      refuse_field_or_key(fields, e);
      return;
    }
    add_test(e.name, type_of_capture(e.entry->value), e, out);
    if (!out.empty() && out.back().field == e.name) out.back().captured = true;
  }

  void add_test(const std::string& field, FieldType type, const DottedEntry& e, std::vector<Test>& out) {
    const std::size_t before = clause_.groups.size();
    auto test = read_test(field, type, e.entry->value, mistakes_, &clause_.groups);
    scope_.groups.insert(scope_.groups.end(), clause_.groups.begin() + static_cast<std::ptrdiff_t>(before),
                         clause_.groups.end());
    if (!test) return;
    test->at = e.entry->at;
    test->passes_unknown = field == "program" || field == "level" || field == "host";
    test->anchor = is_anchor(field, type);
    check_joins(*test);
    out.push_back(std::move(*test));
  }

  void check_joins(const Test& test) {
    for (const Wanted& w : test.wanted) {
      if (const auto* p = std::get_if<JoinedPattern>(&w)) check_joins(*p, test.at);
      if (const auto* same = std::get_if<SameAs>(&w)) check_join(same->field, test.at);
      if (const auto* s = std::get_if<SymbolPattern>(&w)) {
        check_joins(s->function, test.at);
        if (s->module) check_joins(*s->module, test.at);
      }
    }
  }

  void check_joins(const JoinedPattern& pattern, Place at) {
    for (const std::string& field : pattern.fields()) check_join(field, at);
  }

  void check_join(const std::string& field, Place at) {
    if (subject_ == nullptr) {
      mistakes_.add(at, fmt::format("'{{{}}}' stands for a field of the subject: it cannot be used in [event]", field));
    } else if (!subject_->find(field)) {
      mistakes_.add(at,
                    fmt::format("'{{{}}}' is no field of the subject{}", field, suggestion(field, subject_->names())));
    }
  }

  void refuse_field_or_key(const FieldScope& fields, const DottedEntry& e) {
    if (const auto near = nearest_key(e.name); !near.empty()) {
      mistakes_.add(e.entry->at, fmt::format("unknown key '{}' in {}{}", e.name, where(), near));
      return;
    }
    refuse_field(fields, e.name, e.entry->at, mistakes_);
  }

  static std::string nearest_key(const std::string& name) {
    std::vector<std::string_view> keys;
    for (const KeyRule& rule : key_rules) keys.push_back(rule.key);
    std::string hint = suggestion(name, keys);
    return name.size() > 3 ? hint : std::string();
  }

  // any = [{...}, {...}]
  void read_sets(std::string_view key, std::vector<TestSet>& out) {
    const Entry* entry = reader_.entry(key);
    if (entry == nullptr) return;
    if (entry->value.type != Node::Type::array || entry->value.items.empty()) {
      mistakes_.add(entry->value.at,
                    fmt::format("'{}' is an array of sets of tests: [{{ function = 'f' }}, {{ ... }}]", key));
      return;
    }
    for (const Node& item : entry->value.items) {
      if (item.type == Node::Type::table) {
        out.push_back(read_set(item));
      } else {
        mistakes_.add(item.at, fmt::format("'{}' holds sets of tests in braces, not {}", key, to_string(item.type)));
      }
    }
  }

  TestSet read_set(const Node& table) {
    TestSet set;
    set.at = table.at;
    FieldScope fields = scope_;
    if (const Entry* kind = table.find("kind")) {
      set.kinds = kinds(*kind);
      if (!set.kinds.any()) fields.kinds = set.kinds.names;
    }
    read_path(table, set.path);
    std::vector<DottedEntry> later;
    for (const DottedEntry& e : dotted_entries(table, {})) {
      if (e.name == "kind" || e.name == "path" || e.name == "path_top" || e.name == "path_repeats") continue;
      if (rule_of(e.name)) {
        mistakes_.add(e.entry->at, fmt::format("'{}' cannot stand in a set of tests", e.name));
      } else if (!read_known(e, fields, set.tests)) {
        later.push_back(e);
      }
    }
    fields.groups = scope_.groups;
    for (const DottedEntry& e : later) read_captured(e, fields, set.tests);
    if (table.entries.empty()) mistakes_.add(table.at, "an empty set of tests holds always");
    return set;
  }

  void read_path(const Node& table, std::optional<PathTest>& out) {
    TableReader reader(table, where(), mistakes_);
    const Entry* entry = reader.entry("path");
    const auto count = [&](std::string_view key, std::uint32_t otherwise) {
      const Entry* e = reader.entry(key);
      if (e == nullptr) return otherwise;
      if (e->value.type != Node::Type::integer || e->value.number < 1 || e->value.number > 1000 || entry == nullptr) {
        mistakes_.add(e->value.at, entry ? fmt::format("'{}' is a whole number from 1 on", key)
                                         : fmt::format("'{}' needs a 'path'", key));
        return otherwise;
      }
      return static_cast<std::uint32_t>(e->value.number);
    };
    const std::uint32_t top = count("path_top", 0), repeats = count("path_repeats", 1);
    if (entry == nullptr) return;
    PathTest path{entry->at, {}, top, repeats};
    if (entry->value.type != Node::Type::array || entry->value.items.empty()) {
      mistakes_.add(entry->value.at,
                    "'path' is an array of functions, innermost first: ['icmp_send', 'bridge:br_nf_.*']");
      return;
    }
    for (const Node& item : entry->value.items) path.steps.push_back(read_step(item));
    out = std::move(path);
  }

  std::vector<SymbolPattern> read_step(const Node& item) {
    std::vector<SymbolPattern> out;
    const auto take = [&](const Node& n) {
      if (n.type != Node::Type::string) {
        mistakes_.add(n.at, fmt::format("'path' holds functions in quotes, not {}", to_string(n.type)));
      } else if (auto symbol = read_symbol(n.text, n.at, mistakes_)) {
        check_joins(symbol->function, n.at);
        out.push_back(std::move(*symbol));
      }
    };
    if (item.type == Node::Type::array) {
      std::ranges::for_each(item.items, take);
    } else {
      take(item);
    }
    return out;
  }

  // ---- series, place, weight

  std::optional<NumberRange> number_range(std::string_view key) {
    const Entry* entry = reader_.entry(key);
    if (entry == nullptr) return std::nullopt;
    const Node& value = entry->value;
    if (value.type == Node::Type::integer) return NumberRange{value.number, value.number, true, true};
    if (value.type == Node::Type::string) return read_number_range(value.text, value.at, mistakes_);
    mistakes_.add(value.at, fmt::format("'{}' is a comparison such as \">= 3\", not {}", key, to_string(value.type)));
    return std::nullopt;
  }

  void read_series() {
    clause_.series.count = number_range("count");
    if (const Entry* in = reader_.entry("in")) {
      const auto window = in->value.type == Node::Type::string ? read_quantity(in->value.text) : std::nullopt;
      if (window && !window->unit.empty() && window->number > 0) {
        clause_.series.in = window->number;
      } else {
        mistakes_.add(in->value.at, "'in' is a length of time: \"10 min\", \"24 h\"");
      }
    }
    std::vector<Place> places;
    clause_.series.per = reader_.texts("per", &places);
    clause_.series.count_of = reader_.text("count_of");
    if (kind_failed_) return;
    const FieldScope& fields = scope_;
    for (std::size_t i = 0; i < clause_.series.per.size(); ++i)
      check_series_field(fields, clause_.series.per[i], places[i]);
    if (!clause_.series.count_of.empty())
      check_series_field(fields, clause_.series.count_of, reader_.entry("count_of")->value.at);
    const bool clue = clause_.role == Role::support || clause_.role == Role::exclude;
    if (clue && clause_.series.active() && !clause_.series.count) {
      mistakes_.add(table_.at,
                    fmt::format("{} counts ('in', 'per', 'count_of'), but 'count' does not say how many", where()));
    }
    if (clause_.series.active() && clause_.asks_subject()) {
      mistakes_.add(table_.at,
                    fmt::format("{} has no 'kind', so it asks the one subject: there is nothing to count", where()));
    }
  }

  void check_series_field(const FieldScope& fields, std::string& field, Place at) {
    const auto found = fields.find(field);
    if (!found) refuse_field(fields, field, at, mistakes_);
    if (found) field = found->name;
  }

  void read_place() {
    if (const Entry* near = reader_.entry("near")) {
      const std::string text = reader_.text("near");
      if (!text.empty()) clause_.near = read_near(text, near->value.at, mistakes_);
    }
    constexpr std::array<std::string_view, 2> scopes = {"host", "any host"};
    clause_.any_host = reader_.word("scope", scopes).value_or(0) == 1;
    clause_.as = reader_.text("as");
    if (!clause_.as.empty() && (!is_field_name(clause_.as) || clause_.as.find('.') != std::string::npos)) {
      mistakes_.add(reader_.entry("as")->value.at,
                    fmt::format("'as' is one word in small letters, not '{}'", clause_.as));
    }
    if (!clause_.asks_subject() || kind_failed_) return;
    for (const std::string_view key : {"near", "scope", "as"}) {
      if (const Entry* e = reader_.entry(key)) {
        mistakes_.add(
            e->at, fmt::format("'{}' says where another event lies, but without 'kind' {} asks the subject itself", key,
                               where()));
      }
    }
  }

  void read_weight() {
    constexpr std::array<std::string_view, 2> made = {"likely", "certain"};
    if (const auto makes = reader_.word("makes", made))
      clause_.makes = *makes ? Confidence::certain : Confidence::likely;
    constexpr std::array<std::string_view, 3> left = {"nothing", "possible", "likely"};
    clause_.leaves = static_cast<Leaves>(reader_.word("leaves", left).value_or(0));
    constexpr std::array<std::string_view, 2> capped = {"possible", "likely"};
    if (const auto cap = reader_.word("if_unknown", capped))
      clause_.if_unknown = *cap ? Confidence::likely : Confidence::possible;
    clause_.either = reader_.text("either");
    clause_.lasts = number_range("lasts");
    const bool says_something = !clause_.tests.empty() || !clause_.any.empty() || !clause_.none.empty() || clause_.path;
    if (clause_.asks_subject() && !says_something && !kind_failed_ && mistakes_.none()) {
      mistakes_.add(table_.at, fmt::format("{} has neither 'kind' nor a test: it would hold always", where()));
    }
  }

  // A log is read for the messages that signatures name: one without a text would need every line.
  void check_message_text() {
    if (std::ranges::find(clause_.kinds.names, "log.message") == clause_.kinds.names.end()) return;
    const auto has_text = [](const std::vector<Test>& tests) {
      return std::ranges::find(tests, "text", &Test::field) != tests.end();
    };
    const bool every_set =
        !clause_.any.empty() && std::ranges::all_of(clause_.any, [&](const TestSet& s) { return has_text(s.tests); });
    if (has_text(clause_.tests) || every_set || table_.find("text")) return;
    mistakes_.add(
        clause_.kinds.at,
        "not supported yet: a log.message without a test of its 'text' (it would mean every line of the log)");
  }

  const Node& table_;
  const FieldScope* subject_;
  Mistakes& mistakes_;
  TableReader reader_;
  Clause clause_;
  bool kind_failed_ = false;
  FieldScope scope_;
};

void flatten(const Node& table, const std::string& prefix, const std::vector<std::string_view>& whole,
             std::vector<DottedEntry>& out) {
  for (const Entry& e : table.entries) {
    const std::string name = prefix.empty() ? e.key : prefix + '.' + e.key;
    if (e.value.type == Node::Type::table && std::ranges::find(whole, name) == whole.end()) {
      flatten(e.value, name, whole, out);
    } else if (std::ranges::find(whole, name) == whole.end()) {
      out.push_back({name, &e});
    }
  }
}

}  // namespace

std::optional<FieldScope::Found> FieldScope::find(std::string_view field) const {
  for (const std::string& kind : kinds) {
    if (const FieldSpec* spec = diag::find_field(kind, field)) return Found{std::string(spec->name), spec->type};
  }
  if (std::ranges::find(groups, field) != groups.end()) return Found{std::string(field), std::nullopt};
  return std::nullopt;
}

std::vector<std::string_view> FieldScope::names() const {
  std::vector<std::string_view> out(groups.begin(), groups.end());
  const auto add = [&](std::span<const FieldSpec> fields) {
    for (const FieldSpec& f : fields) out.push_back(f.name);
  };
  for (const std::string& kind : kinds) {
    if (const KindSpec* spec = find_kind(kind)) add(spec->fields);
  }
  if (std::ranges::any_of(kinds, [](const std::string& k) { return is_kernel_kind(k); })) add(kernel_fields());
  add(common_fields());
  return out;
}

bool FieldScope::has_prefix(std::string_view word) const {
  return std::ranges::any_of(names(), [&](std::string_view f) {
    return f.starts_with(word) && (f.size() == word.size() || f[word.size()] == '.');
  });
}

FieldScope scope_of(const Clause& clause) { return {clause.kinds.names, clause.groups}; }

std::vector<DottedEntry> dotted_entries(const Node& table, const std::vector<std::string_view>& whole) {
  std::vector<DottedEntry> out;
  flatten(table, "", whole, out);
  return out;
}

void refuse_field(const FieldScope& scope, std::string_view field, Place at, Mistakes& mistakes) {
  std::string hint = suggestion(field, scope.names());
  if (hint.find("may be") != std::string::npos) hint.clear();
  if (scope.kinds.size() == 1) {
    mistakes.add(at, fmt::format("'{}' has no field '{}'{}", scope.kinds.front(), field, hint));
  } else if (scope.kinds.empty()) {
    mistakes.add(at, fmt::format("there is no field '{}'{}", field, hint));
  } else {
    mistakes.add(at, fmt::format("none of these kinds has a field '{}'{}", field, hint));
  }
}

Clause read_clause(Role role, const Node& table, std::string name, const FieldScope* subject, Mistakes& mistakes) {
  return ClauseReader(role, table, std::move(name), subject, mistakes).read();
}

}  // namespace diag::sig
