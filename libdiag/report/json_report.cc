// The contract "diag.report/1". Names and meanings here are read by other programs: keys may be added, never changed.
#include <algorithm>
#include <map>
#include <set>

#include "diag/kernel_report.h"
#include "diag/report.h"
#include "report/json_writer.h"
#include "report/names.h"

namespace diag {

namespace {

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

void strings(JsonWriter& json, std::string_view key, const std::vector<std::string>& items) {
  json.key(key);
  json.begin_array();
  for (const auto& item : items) json.value(item);
  json.end_array();
}

void line_or_null(JsonWriter& json, std::string_view key, std::uint64_t line) {
  json.key(key);
  line ? json.value(line) : json.value(nullptr);
}

template <class T, class Write>
void array(JsonWriter& json, std::string_view key, const T& items, Write write) {
  json.key(key);
  json.begin_array();
  for (const auto& item : items) write(item);
  json.end_array();
}

class Writer {
 public:
  Writer(const Report& report, int spread) : report_(report), json_(spread) { number_events(); }

  std::string whole();
  std::string lines();

 private:
  void number_events();

  void inputs();
  void input(const InputFacts& facts);
  void event(std::size_t index);
  void event_head(const Event& e);
  void kernel(const KernelReport& k);
  void machine(const KernelReport& k);
  void code_and_trace(const KernelReport& k);
  void function(const KernelReport& k);
  void fault(const KernelReport& k);
  void frame(const Frame& f, const KernelReport& k);
  void fields(const Event& e);
  void field_value(const Value& v, int digits);
  void symbol(const Symbol& s);
  void address(std::string_view key, const std::optional<Addr>& a, const KernelReport& k);
  void finding(const Finding& f, bool with_events);
  void finding_events(const Finding& f);
  void extras(const Finding& f);
  void evidence(const Evidence& e);
  void step(const Step& s);
  void summary();

  const Report& report_;
  JsonWriter json_;
  std::vector<std::size_t> shown_;                    // indices into the facts of the events that are written
  std::vector<std::size_t> position_;                 // of each event of the facts in shown_, or nowhere
  std::multimap<std::size_t, std::size_t> by_event_;  // event of the facts -> findings about it
};

// Kernel events are written, and whatever else a finding refers to.
void Writer::number_events() {
  const auto& events = report_.facts.events;
  std::vector<bool> wanted(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) wanted[i] = is_kernel(events[i]);
  for (std::size_t f = 0; f < report_.findings.size(); ++f) {
    for (const std::size_t e : std::set(report_.findings[f].events.begin(), report_.findings[f].events.end())) {
      if (e >= events.size()) continue;
      wanted[e] = true;
      by_event_.emplace(e, f);
    }
  }
  position_.assign(events.size(), nowhere);
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!wanted[i]) continue;
    position_[i] = shown_.size();
    shown_.push_back(i);
  }
}

std::string Writer::whole() {
  json_.begin_object();
  json_.member("schema", "diag.report/1");
  json_.key("tool");
  json_.begin_object();
  json_.member("name", report_.tool);
  json_.member("version", report_.version);
  json_.end_object();
  inputs();
  array(json_, "events", shown_, [&](std::size_t index) {
    json_.begin_object();
    event(index);
    json_.key("findings");
    json_.begin_array();
    const auto [from, to] = by_event_.equal_range(index);
    for (auto f = from; f != to; ++f) json_.value(f->second);
    json_.end_array();
    json_.end_object();
  });
  array(json_, "findings", report_.findings, [&](const Finding& f) { finding(f, true); });
  summary();
  json_.end_object();
  return json_.take() + '\n';
}

// A finding stands in the line of its subject. One without a subject (lost evidence) gets a line of kind null.
std::string Writer::lines() {
  std::string out;
  const auto line = [&](auto write_head, const std::vector<const Finding*>& findings) {
    json_.begin_object();
    write_head();
    array(json_, "findings", findings, [&](const Finding* f) { finding(*f, false); });
    json_.end_object();
    out += json_.take() + '\n';
    json_ = JsonWriter();
  };
  for (const std::size_t index : shown_) {
    std::vector<const Finding*> about;
    const auto [from, to] = by_event_.equal_range(index);
    for (auto f = from; f != to; ++f) {
      const Finding& found = report_.findings[f->second];
      if (found.events[0] == index) about.push_back(&found);
    }
    line([&] { event(index); }, about);
  }
  std::vector<const Finding*> homeless;
  for (const auto& f : report_.findings) {
    if (f.events.empty() || f.events[0] >= position_.size()) homeless.push_back(&f);
  }
  if (!homeless.empty()) line([&] { json_.member("kind", nullptr); }, homeless);
  return out;
}

void Writer::inputs() {
  array(json_, "inputs", report_.facts.inputs, [&](const InputFacts& facts) { input(facts); });
}

void Writer::input(const InputFacts& facts) {
  json_.begin_object();
  json_.member("name", facts.name);
  json_.member("bytes", facts.bytes);
  json_.member("lines", facts.lines);
  array(json_, "skipped", facts.skipped, [&](const Skipped& s) {
    json_.begin_object();
    line_or_null(json_, "first_line", s.first_line);
    line_or_null(json_, "last_line", s.last_line);
    json_.member("reason", s.reason);
    json_.end_object();
  });
  json_.member_or_null("error", facts.error ? facts.error->message : "");
  json_.end_object();
}

void Writer::event(std::size_t index) {
  const Event& e = report_.facts.events[index];
  event_head(e);
  if (is_kernel(e)) {
    static const KernelReport nothing;
    kernel(e.kernel ? *e.kernel : nothing);
  }
  fields(e);
}

void Writer::event_head(const Event& e) {
  json_.member("kind", e.kind);
  json_.member("title", e.title);
  json_.key("source");
  json_.begin_object();
  json_.member("input", input_name(report_.facts, e.first.source));
  line_or_null(json_, "first_line", e.first.line);
  line_or_null(json_, "last_line", e.last.line);
  json_.end_object();
  json_.key("time");
  json_.begin_object();
  json_.member("uptime", e.when.uptime);
  json_.member_or_null("wall", e.when.wall ? to_string(*e.when.wall) : "");
  json_.end_object();
  json_.member_or_null("host", e.host);
  json_.member("incident", e.incident);
}

void Writer::kernel(const KernelReport& k) {
  json_.member_or_null("header", k.header);
  json_.member("partial", k.partial());
  strings(json_, "missing", k.missing);
  machine(k);
  function(k);
  json_.key("culprit");
  if (k.culprit) {
    json_.begin_object();
    json_.member_or_null("name", k.culprit->symbol.name);
    json_.member_or_null("module", k.culprit->symbol.module);
    json_.member_or_null("why", k.culprit->why);
    json_.end_object();
  } else {
    json_.value(nullptr);
  }
  fault(k);
  code_and_trace(k);
  json_.member_or_null("fingerprint", k.fingerprint);
  json_.member_or_null("similar", k.similar);
}

void Writer::machine(const KernelReport& k) {
  json_.key("kernel");
  json_.begin_object();
  json_.member_or_null("release", k.release);
  json_.member_or_null("distribution", k.distribution);
  json_.member_or_null("arch", k.arch);
  json_.key("taint");
  if (k.taint) {
    json_.begin_object();
    json_.member("flags", k.taint->flags);
    strings(json_, "meanings", k.taint->meanings);
    json_.end_object();
  } else {
    json_.value(nullptr);
  }
  json_.end_object();
  json_.member("cpu", k.cpu);
  json_.key("task");
  json_.begin_object();
  json_.member("comm", k.comm);
  json_.member("pid", k.pid);
  json_.end_object();
}

void Writer::function(const KernelReport& k) {
  json_.key("function");
  if (!k.function) return json_.value(nullptr);
  json_.begin_object();
  json_.member_or_null("name", k.function->symbol.name);
  json_.member("offset", k.function->offset);
  json_.member("size", k.function->size);
  json_.member_or_null("module", k.function->symbol.module);
  address("address", k.function->address, k);
  json_.end_object();
}

void Writer::fault(const KernelReport& k) {
  json_.key("fault");
  json_.begin_object();
  address("address", k.fault.address, k);
  json_.member("error", k.fault.error);
  json_.member_or_null("instruction", k.fault.instruction);
  json_.member_or_null("explanation", k.fault.explanation);
  json_.end_object();
}

void Writer::code_and_trace(const KernelReport& k) {
  json_.key("registers");
  json_.begin_object();
  std::set<std::string_view> seen;
  for (const auto& r : k.registers) {
    if (seen.insert(r.name).second) address(r.name, r.value, k);
  }
  json_.end_object();
  array(json_, "frames", k.frames, [&](const Frame& f) { frame(f, k); });
  array(json_, "modules", k.modules, [&](const KernelModule& m) {
    json_.begin_object();
    json_.member("name", m.name);
    json_.member("flags", m.flags);
    json_.end_object();
  });
}

void Writer::frame(const Frame& f, const KernelReport& k) {
  json_.begin_object();
  address("address", f.address, k);
  json_.member_or_null("function", f.symbol.name);
  json_.member("offset", f.offset);
  json_.member("size", f.size);
  json_.member_or_null("module", f.symbol.module);
  line_or_null(json_, "at", f.line);
  json_.member("reliable", f.reliable);
  json_.member_or_null("stack", word(f.stack));
  json_.member("trust", word(f.trust));
  json_.member_or_null("note", f.note);
  array(json_, "chain", f.chain, [&](const SourcePosition& p) {
    json_.begin_object();
    json_.member_or_null("function", p.function);
    json_.member_or_null("file", p.file);
    line_or_null(json_, "line", p.line);
    json_.end_object();
  });
  json_.member_or_null("unresolved", f.chain.empty() ? word(f.unresolved) : "");
  json_.end_object();
}

void Writer::address(std::string_view key, const std::optional<Addr>& a, const KernelReport& k) {
  json_.member_or_null(key, a ? to_string(*a, k.word_bits == 32 ? 8 : 16) : "");
}

// Of a kernel event those that no key above says already.
void Writer::fields(const Event& e) {
  json_.key("fields");
  json_.begin_object();
  const int digits = e.kernel && e.kernel->word_bits == 32 ? 8 : 16;
  for (const auto& f : e.fields) {
    if (is_kernel(e) && has_own_key(f.name)) continue;
    json_.key(f.name);
    field_value(f.value, digits);
  }
  json_.end_object();
}

void Writer::field_value(const Value& v, int digits) {
  struct Visitor {
    Writer& w;
    int digits;
    void operator()(bool flag) const { w.json_.value(flag); }
    void operator()(double number) const { w.json_.value(number); }
    void operator()(const std::string& text) const { w.json_.value(text); }
    void operator()(const Symbol& s) const { w.symbol(s); }
    void operator()(Addr a) const { w.json_.value(spoken(a, digits)); }
    void operator()(const Timestamp& t) const { w.json_.value(to_string(t)); }
    void operator()(const Bytes& bytes) const { w.json_.value(spoken(bytes, digits)); }
    void operator()(const List& items) const {
      w.json_.begin_array();
      for (const auto& item : items) w.json_.value(item);
      w.json_.end_array();
    }
  };
  std::visit(Visitor{*this, digits}, v);
}

void Writer::symbol(const Symbol& s) {
  json_.begin_object();
  json_.member_or_null("name", s.name);
  json_.member_or_null("module", s.module);
  json_.end_object();
}

void Writer::finding(const Finding& f, bool with_events) {
  json_.begin_object();
  json_.member("signature", f.signature);
  json_.member("title", f.title);
  json_.member("severity", to_string(f.severity));
  json_.member("confidence", to_string(f.confidence));
  if (with_events) finding_events(f);
  array(json_, "evidence", f.evidence, [&](const Evidence& e) { evidence(e); });
  json_.member_or_null("summary", f.summary);
  array(json_, "steps", f.steps, [&](const Step& s) { step(s); });
  strings(json_, "references", f.references);
  strings(json_, "not_checked", f.not_checked);
  extras(f);
  json_.end_object();
}

void Writer::finding_events(const Finding& f) {
  json_.key("events");
  json_.begin_array();
  for (const std::size_t e : f.events) {
    if (e < position_.size()) json_.value(position_[e]);
  }
  json_.end_array();
}

// Keys that only some findings have.
void Writer::extras(const Finding& f) {
  if (!f.code.empty()) json_.member("code", f.code);
  if (f.kernel) {
    json_.key("kernel");
    json_.begin_object();
    json_.member("state", word(f.kernel->state));
    json_.member_or_null("release", f.kernel->release);
    strings(json_, "fixed", f.kernel->fixed);
    json_.member_or_null("note", f.kernel->note);
    json_.end_object();
  }
  if (!f.context.empty()) strings(json_, "context", f.context);
  if (!f.unverified.empty()) json_.member("unverified", f.unverified);
  if (f.gap) json_.member("gap", true);
}

void Writer::evidence(const Evidence& e) {
  json_.begin_object();
  json_.member("input", input_name(report_.facts, e.source));
  line_or_null(json_, "first_line", e.first_line);
  line_or_null(json_, "last_line", e.last_line);
  line_or_null(json_, "column", e.column);
  json_.member_or_null("quote", e.quote);
  json_.member_or_null("because", e.because);
  json_.end_object();
}

void Writer::step(const Step& s) {
  json_.begin_object();
  json_.member("do", s.instruction);
  json_.member_or_null("check", s.check);
  json_.member_or_null("undo", s.undo);
  json_.member("risk", to_string(s.risk));
  if (!s.when.empty()) json_.member("when", s.when);
  if (!s.unverified.empty()) json_.member("unverified", s.unverified);
  json_.end_object();
}

void Writer::summary() {
  json_.key("summary");
  json_.begin_object();
  json_.member("events", shown_.size());
  json_.member("findings", report_.findings.size());
  const auto worst = std::ranges::max_element(report_.findings, {}, &Finding::severity);
  json_.member_or_null("worst", worst == report_.findings.end() ? "" : to_string(worst->severity));
  json_.end_object();
}

}  // namespace

std::string to_json(const Report& report) { return Writer(report, 4).whole(); }

std::string to_jsonl(const Report& report) { return Writer(report, 0).lines(); }

}  // namespace diag
