#include "signature/signature_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "event/vocabulary.h"
#include "signature/clause_reader.h"
#include "signature/table_reader.h"

namespace diag {

const sig::Clause* Signature::named(std::string_view as) const {
  const auto at = std::ranges::find(clues, as, &sig::Clause::as);
  return as.empty() || at == clues.end() ? nullptr : &*at;
}

namespace sig {

namespace {

constexpr std::size_t most_clauses = 64;

constexpr std::array<std::string_view, 20> head_keys = {
    "id",  "title",      "severity", "confidence", "summary", "references", "code",    "rank",    "over",  "slow",
    "gap", "unverified", "affects",  "event",      "until",   "support",    "exclude", "variant", "words", "step"};
constexpr std::array<std::string_view, 3> severities = {"info", "warning", "critical"};
constexpr std::array<std::string_view, 3> confidences = {"possible", "likely", "certain"};
constexpr std::array<std::string_view, 3> ranks = {"fallback", "general", "specific"};
constexpr std::array<std::string_view, 4> risks = {"none", "service restart", "traffic change", "reboot"};

// Values that texts may name though no input states them.
constexpr std::array<std::string_view, 3> of_every_event = {"quote", "kind", "title"};

class FileReader {
 public:
  FileReader(const Node& root, std::string_view id, Mistakes& mistakes)
      : root_(root),
        id_(id),
        mistakes_(mistakes),
        head_(root, "the head", mistakes),
        out_(std::make_unique<Signature>()) {}

  std::unique_ptr<Signature> read() {
    out_->file = mistakes_.file();
    head_.refuse_others(head_keys);
    read_head();
    read_event();
    read_clues();
    read_words();
    read_variants();
    read_steps();
    check_names();
    check_levels();
    check_texts();
    return mistakes_.none() ? std::move(out_) : nullptr;
  }

 private:
  Signature& s() { return *out_; }

  void read_head() {
    s().id = head_.required_text("id");
    if (!id_.empty() && !s().id.empty() && s().id != id_) {
      mistakes_.add(head_.entry("id")->value.at,
                    fmt::format("the id is '{}', but the place of the file makes it '{}'", s().id, id_));
    }
    s().title = Template(head_.required_text("title"));
    head_.required("severity");
    s().severity = static_cast<Severity>(head_.word("severity", severities).value_or(0));
    head_.required("confidence");
    s().confidence = static_cast<Confidence>(head_.word("confidence", confidences).value_or(0));
    s().summary = Template(joined_lines(head_.required_text("summary")));
    head_.required("references");
    s().references = head_.texts("references");
    s().code = head_.text("code");
    s().unverified = head_.text("unverified");
    s().rank = static_cast<Rank>(head_.word("rank", ranks).value_or(2));
    s().over = head_.texts("over", &s().over_at);
    s().slow = head_.flag("slow");
    s().gap = head_.flag("gap");
    if (const Node* table = table_of("affects")) s().affects = read_affects(*table, mistakes_);
  }

  // The line breaks of a summary are those of the file, not of the report; an empty line stays.
  static std::string joined_lines(std::string text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\n') continue;
      if (i + 1 < text.size() && text[i + 1] == '\n') {
        ++i;
      } else {
        text[i] = ' ';
      }
    }
    return text;
  }

  const Node* table_of(std::string_view key) {
    const Entry* entry = head_.entry(key);
    if (entry == nullptr) return nullptr;
    if (entry->value.type == Node::Type::table) return &entry->value;
    mistakes_.add(entry->at, fmt::format("'{}' is one table: [{}]", key, key));
    return nullptr;
  }

  std::vector<const Node*> tables_of(std::string_view key) {
    std::vector<const Node*> out;
    const Entry* entry = head_.entry(key);
    if (entry == nullptr) return out;
    const auto& items = entry->value.items;
    if (entry->value.type != Node::Type::array ||
        std::ranges::any_of(items, [](const Node& n) { return n.type != Node::Type::table; })) {
      mistakes_.add(entry->at, fmt::format("'{}' is a list of tables: [[{}]]", key, key));
      return out;
    }
    for (const Node& item : items) out.push_back(&item);
    return out;
  }

  void read_event() {
    if (!head_.required("event")) return;
    if (const Node* table = table_of("event")) {
      s().event = read_clause(Clause::Role::event, *table, "event", nullptr, mistakes_);
      subject_ = scope_of(s().event);
    }
    if (const Node* table = table_of("until")) {
      s().until = read_clause(Clause::Role::until, *table, "until", &subject_, mistakes_);
    }
  }

  void read_clues() {
    const bool known = !subject_.kinds.empty();
    const auto read = [&](std::string_view key, Clause::Role role) {
      std::size_t number = 0;
      for (const Node* table : tables_of(key)) {
        ++number;
        if (known)
          s().clues.push_back(read_clause(role, *table, fmt::format("{} {}", key, number), &subject_, mistakes_));
      }
    };
    read("support", Clause::Role::support);
    read("exclude", Clause::Role::exclude);
    std::ranges::stable_sort(s().clues, {}, [](const Clause& c) { return c.at.line; });
    if (s().clues.size() + 1 > most_clauses) {
      mistakes_.add({}, fmt::format("{} clauses; {} are allowed", s().clues.size() + 1, most_clauses));
    }
  }

  void read_words() {
    const Node* table = table_of("words");
    if (table == nullptr) return;
    for (const Entry& e : table->entries) {
      if (e.value.type != Node::Type::table) {
        mistakes_.add(e.at, fmt::format("[words.{}] is a table of words", e.key));
        continue;
      }
      for (const Entry& word : e.value.entries) {
        if (word.value.type == Node::Type::string) {
          s().words[e.key][word.key] = word.value.text;
        } else {
          mistakes_.add(word.value.at,
                        fmt::format("[words.{}] holds strings, not {}", e.key, to_string(word.value.type)));
        }
      }
    }
  }

  // ---- when

  std::vector<Condition> read_when(const Node& table) {
    std::vector<Condition> out;
    const Entry* when = table.find("when");
    if (when == nullptr) return out;
    if (when->value.type != Node::Type::table || when->value.entries.empty()) {
      mistakes_.add(when->value.at, "'when' is a set of tests in braces: { kernel.stream = 'el5' }");
      return out;
    }
    if (subject_.kinds.empty()) return out;
    for (const DottedEntry& e : dotted_entries(when->value, {})) read_condition(e, out);
    return out;
  }

  void read_condition(const DottedEntry& e, std::vector<Condition>& out) {
    Condition condition;
    std::string field = e.name;
    FieldScope fields = subject_;
    if (const Clause* clause = clause_of(e.name)) {
      condition.clause = clause->as;
      field = e.name.substr(clause->as.size() + 1);
      fields = scope_of(*clause);
    }
    const Clause& about = condition.clause.empty() ? s().event : *s().named(condition.clause);
    std::optional<FieldType> type = derived_type(about, field);
    if (!type) {
      const auto found = fields.find(field);
      if (!found) return refuse_field(fields, field, e.entry->at, mistakes_);
      field = found->name;
      type = found->type ? *found->type : type_of_capture(e.entry->value);
    }
    auto test = read_test(field, *type, e.entry->value, mistakes_);
    if (!test) return;
    test->at = e.entry->at;
    condition.test = std::move(*test);
    out.push_back(std::move(condition));
  }

  // The clause that "server.version" names.
  const Clause* clause_of(std::string_view name) const {
    const auto dot = name.find('.');
    return dot == name.npos ? nullptr : out_->named(name.substr(0, dot));
  }

  // count, peak, duration, open: made while clauses are weighed.
  std::optional<FieldType> derived_type(const Clause& clause, std::string_view field) const {
    if (clause.series.active() && (field == "count" || (field == "peak" && clause.series.in))) return FieldType::number;
    if (clause.series.active() && (field == "first" || field == "last")) return FieldType::name;
    const bool subject = clause.role == Clause::Role::event;
    if (subject && out_->until && field == "duration") return FieldType::number;
    if (subject && out_->until && field == "open") return FieldType::flag;
    return std::nullopt;
  }

  void read_variants() {
    constexpr std::array<std::string_view, 5> keys = {"when", "title", "severity", "summary", "unverified"};
    for (const Node* table : tables_of("variant")) {
      TableReader reader(*table, "[[variant]]", mistakes_);
      reader.refuse_others(keys);
      reader.required("when");
      Variant v;
      v.at = table->at;
      v.when = read_when(*table);
      v.title = Template(reader.text("title"));
      v.summary = Template(joined_lines(reader.text("summary")));
      if (const auto severity = reader.word("severity", severities)) v.severity = static_cast<Severity>(*severity);
      v.unverified = reader.text("unverified");
      if (!reader.entry("title") && !reader.entry("summary") && !reader.entry("severity")) {
        mistakes_.add(table->at, "[[variant]] changes nothing: give it a title, severity or summary");
      }
      s().variants.push_back(std::move(v));
    }
  }

  void read_steps() {
    constexpr std::array<std::string_view, 6> keys = {"when", "do", "check", "undo", "risk", "unverified"};
    for (const Node* table : tables_of("step")) {
      TableReader reader(*table, "[[step]]", mistakes_);
      reader.refuse_others(keys);
      StepText step;
      step.at = table->at;
      step.when = read_when(*table);
      step.instruction = Template(reader.required_text("do"));
      step.check = Template(reader.text("check"));
      step.undo = Template(reader.text("undo"));
      reader.required("risk");
      step.risk = static_cast<Risk>(reader.word("risk", risks).value_or(0));
      step.unverified = reader.text("unverified");
      s().steps.push_back(std::move(step));
    }
  }

  // ---- what belongs together

  void check_names() {
    for (std::size_t i = 0; i < s().clues.size(); ++i) {
      const Clause& clue = s().clues[i];
      if (clue.as.empty()) continue;
      if (s().named(clue.as) != &clue) mistakes_.add(clue.at, fmt::format("two clauses are called '{}'", clue.as));
      if (subject_.has_prefix(clue.as)) {
        mistakes_.add(clue.at,
                      fmt::format("'{}' is the name of a field of the subject: call the clause otherwise", clue.as));
      }
    }
  }

  void check_levels() {
    for (const Clause& clue : s().clues) {
      if (clue.makes && *clue.makes <= s().confidence) {
        mistakes_.add(clue.at, fmt::format("{} makes '{}', but [event] alone is '{}' already: leave 'makes' out",
                                           clue.name, to_string(*clue.makes), to_string(s().confidence)));
      }
      if (!clue.either.empty() && std::ranges::count(s().clues, clue.either, &Clause::either) < 2) {
        mistakes_.add(clue.at,
                      fmt::format("no other clause has either = '{}': it stands for nothing else", clue.either));
      }
    }
    if (s().id.empty()) return;
    if (std::ranges::find(s().over, s().id) != s().over.end())
      mistakes_.add(s().over_at.front(), "'over' names this signature itself");
  }

  // ---- inserts

  bool has_field(const Clause& clause, std::string_view field) const {
    return derived_type(clause, field) || scope_of(clause).find(field).has_value() ||
           std::ranges::find(of_every_event, field) != of_every_event.end();
  }

  bool is_known(std::string_view field, const Clause* own) const {
    if (own && !own->asks_subject() && has_field(*own, field)) return true;
    if (own && own->asks_subject() && FieldScope{{}, own->groups}.find(field)) return true;
    if (const Clause* clause = clause_of(field)) return has_field(*clause, field.substr(clause->as.size() + 1));
    return has_field(s_const().event, field);
  }

  const Signature& s_const() const { return *out_; }

  void check_text(const Template& text, Place at, std::string_view what, const Clause* own = nullptr) {
    for (const Insert* insert : text.inserts()) {
      if (!insert->words.empty() && !s().words.contains(insert->words)) {
        mistakes_.add(at, fmt::format("{{{}:{}}} in '{}': there is no [words.{}]", insert->field, insert->words, what,
                                      insert->words));
      }
      if (is_known(insert->field, own)) continue;
      mistakes_.add(
          at, fmt::format("{{{}}} in '{}': nothing provides it{}", insert->field, what, nearest(insert->field, own)));
    }
  }

  std::string nearest(std::string_view field, const Clause* own) const {
    std::vector<std::string> names;
    const auto add = [&](const FieldScope& scope, const std::string& prefix) {
      for (const std::string_view name : scope.names()) names.push_back(prefix + std::string(name));
    };
    if (own && !own->asks_subject()) add(scope_of(*own), "");
    add(subject_, "");
    for (const Clause& clue : s_const().clues) {
      if (!clue.as.empty()) add(scope_of(clue), clue.as + '.');
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::string hint = suggestion(field, views);
    return hint.find("may be") == std::string::npos ? hint : std::string();
  }

  Place place(std::string_view key) const {
    const Entry* entry = root_.find(key);
    return entry ? entry->value.at : Place{};
  }

  void check_texts() {
    if (subject_.kinds.empty()) return;
    check_text(s().title, place("title"), "title");
    check_text(s().summary, place("summary"), "summary");
    check_text(s().event.because, s().event.at, "because", &s().event);
    for (const Clause& clue : s().clues) check_text(clue.because, clue.at, "because", &clue);
    for (const Variant& v : s().variants) {
      check_text(v.title, v.at, "title");
      check_text(v.summary, v.at, "summary");
    }
    for (const StepText& step : s().steps) {
      check_text(step.instruction, step.at, "do");
      check_text(step.check, step.at, "check");
      check_text(step.undo, step.at, "undo");
    }
  }

  const Node& root_;
  std::string_view id_;
  Mistakes& mistakes_;
  TableReader head_;
  std::unique_ptr<Signature> out_;
  FieldScope subject_;
};

}  // namespace

std::unique_ptr<Signature> read_signature(std::string_view toml, std::string_view id, Mistakes& mistakes) {
  if (toml.size() > largest_file) {
    mistakes.add({}, fmt::format("a file of {} KiB; {} are allowed", toml.size() / 1024, largest_file / 1024));
    return nullptr;
  }
  const auto root = read_toml(toml, mistakes);
  if (!root) return nullptr;
  return FileReader(*root, id, mistakes).read();
}

}  // namespace sig
}  // namespace diag
