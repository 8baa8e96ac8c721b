#include "pipeline/case_run.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "diag/diag.h"
#include "diag/kernel_report.h"
#include "signature/event_view.h"
#include "signature/signature_store.h"

namespace diag {

namespace {

using Line = sig::CaseFile::Line;

class Comparison {
 public:
  Comparison(const SignatureSet& signatures, const sig::CaseFile& file, CaseRun& out)
      : set_(signatures),
        file_(file),
        out_(out),
        index_(out.report.facts),
        messages_(signatures.data().messages(index_)),
        matcher_(index_, messages_) {}

  void run() {
    for (const Line& l : file_.expects) expect(l);
    for (const Finding& f : findings()) unexpected(f);
    for (const Line& l : file_.nears) near(l);
    for (const Line& l : file_.fields) field(l);
    for (const Line& l : file_.not_checked) not_checked(l);
    if (!file_.missing.empty()) missing();
    out_.undecided = sig::undecided(set_.data().drafts(index_), index_);
  }

 private:
  const std::vector<Finding>& findings() const { return out_.report.findings; }

  void wrong(sig::Place at, std::string message) {
    out_.mistakes.push_back({file_.file, at.line, at.column, std::move(message)});
  }

  const Signature* known(const Line& l) {
    const Signature* s = set_.find(l.id);
    if (s == nullptr) {
      const auto ids = set_.ids();
      const std::vector<std::string_view> names(ids.begin(), ids.end());
      wrong(l.at, fmt::format("there is no signature '{}'{}", l.id, sig::suggestion(l.id, names)));
    }
    return s;
  }

  // Why the signature is no surer, or nothing: the last rule of its best subject.
  std::string reason(const Signature& s) const {
    std::string out = "[event] meets no event of its kind";
    std::optional<Confidence> best;
    bool any = false;
    for (const sig::Explanation& e : matcher_.explain(s, true)) {
      const sig::Judgement j = sig::judge(e);
      if (any && !(j.level > best)) continue;
      any = true;
      best = j.level;
      if (!j.rules.empty()) out = j.rules.back();
    }
    return out;
  }

  void expect(const Line& l) {
    const Signature* s = known(l);
    if (s == nullptr) return;
    const Finding* other = nullptr;
    for (const Finding& f : findings()) {
      if (f.signature == s->id && to_string(f.confidence) == l.rest) {
        out_.hits.push_back(s->id);
        return;
      }
      if (f.signature == s->id) other = &f;
      if (std::ranges::find(f.context, s->id) != f.context.end()) {
        return wrong(l.at, fmt::format("{} is not shown: {} outranks it", s->id, f.signature));
      }
    }
    if (other == nullptr) return wrong(l.at, fmt::format("{} does not hit ({})", s->id, reason(*s)));
    wrong(l.at, fmt::format("{} is {}, not {} ({})", s->id, to_string(other->confidence), l.rest, reason(*s)));
  }

  void unexpected(const Finding& f) {
    const auto same = [&](const Line& l) { return (l.id == f.signature || (!f.code.empty() && l.id == f.code)); };
    if (std::ranges::any_of(file_.expects, same)) {
      // Another finding of the same signature, at another level, is one too many; the wrong level alone was said above.
      const auto exact = [&](const Line& l) { return same(l) && l.rest == to_string(f.confidence); };
      const auto others = std::ranges::count(findings(), f.signature, &Finding::signature);
      if (std::ranges::any_of(file_.expects, exact) || others == 1) return;
    }
    wrong({1, 1}, fmt::format("unexpected finding: EXPECT: {} {}", f.signature, to_string(f.confidence)));
  }

  void near(const Line& l) {
    const Signature* s = known(l);
    if (s == nullptr) return;
    if (!sig::has_clause(*s, l.rest)) {
      const auto names = sig::clause_names(*s);
      const std::vector<std::string_view> views(names.begin(), names.end());
      return wrong(l.at, fmt::format("{} has no clause '{}'{}", s->id, l.rest, sig::suggestion(l.rest, views)));
    }
    const auto explanations = matcher_.explain(*s, true);
    const bool found = std::ranges::any_of(findings(), [&](const Finding& f) { return f.signature == s->id; });
    // Where no event was made at all, the text itself was too far off.
    const bool nothing_like_it = !found && l.rest.starts_with("event.") && explanations.empty();
    const bool holds = nothing_like_it || std::ranges::any_of(explanations, [&](const sig::Explanation& e) {
                         return sig::refuses(e, l.rest);
                       });
    if (holds) {
      out_.nears.emplace_back(s->id, l.rest);
    } else {
      wrong(l.at, fmt::format("{} is no near miss of {}: {}", l.rest, s->id, said(explanations, l.rest)));
    }
  }

  static std::string said(const std::vector<sig::Explanation>& explanations, std::string_view clause) {
    std::string out = "the finding would be the same without it";
    for (const sig::Explanation& e : explanations) {
      for (const sig::Part& p : e.event.parts) {
        if (clause == "event." + p.name) out = fmt::format("it says {}", to_string(p.answer));
      }
      for (const sig::ClueAnswer& c : e.clues) {
        if (c.clause->name == clause || (!clause.empty() && c.clause->as == clause))
          out = fmt::format("it says {}", to_string(c.answer));
      }
      if (clause == "affects" && e.affects) out = fmt::format("it says {}", to_string(e.affects->standing));
    }
    return out;
  }

  void field(const Line& l) {
    std::string seen;
    for (std::size_t i = 0; i < index_.size(); ++i) {
      const sig::Stated stated = sig::EventView(index_, i).find(l.id);
      if (!stated) continue;
      const std::string value = sig::show(stated.value());
      if (value == l.rest) return;
      if (seen.find("'" + value + "'") == seen.npos) seen += (seen.empty() ? "" : ", ") + ("'" + value + "'");
    }
    wrong(l.at, seen.empty() ? fmt::format("no event states {}", l.id)
                             : fmt::format("{} is {}, not '{}'", l.id, seen, l.rest));
  }

  void missing() {
    std::string seen;
    for (const Event& e : out_.report.facts.events) {
      if (!e.kernel) continue;
      const auto& parts = e.kernel->missing;
      const auto lacks = [&](const std::string& part) { return std::ranges::find(parts, part) != parts.end(); };
      if (std::ranges::all_of(file_.missing, lacks)) return;
      seen += fmt::format("{}{} at line {} misses {}", seen.empty() ? "" : "; ", e.kind, e.first.line,
                          parts.empty() ? "nothing" : sig::show(Value(List(parts))));
    }
    wrong(file_.missing_at, seen.empty() ? "there is no kernel event" : seen);
  }

  void not_checked(const Line& l) {
    const Signature* s = known(l);
    if (s == nullptr) return;
    std::string seen;
    for (const Finding& f : findings()) {
      if (f.signature != s->id) continue;
      for (const std::string& line : f.not_checked) {
        if (line.find(l.rest) != line.npos) return;
        seen += (seen.empty() ? "" : "; ") + line;
      }
    }
    wrong(l.at, fmt::format("not_checked of {} does not speak of '{}', but of: {}", s->id, l.rest,
                            seen.empty() ? "nothing" : seen));
  }

  const SignatureSet& set_;
  const sig::CaseFile& file_;
  CaseRun& out_;
  sig::FactsIndex index_;
  sig::MessagesOf messages_;
  sig::Matcher matcher_;
};

}  // namespace

CaseRun run_case(const SignatureSet& signatures, const sig::CaseFile& file) {
  CaseRun out;
  out.ran = true;
  Diagnosis diagnosis(signatures);
  for (const auto& input : file.inputs) diagnosis.read_memory(input.name, input.text);
  out.report = diagnosis.finish("sigcheck");
  Comparison(signatures, file, out).run();
  return out;
}

std::string updated_case(std::string_view text, const CaseRun& run) {
  std::string comments, others, expects;
  std::string_view rest = text;
  while (!rest.empty() && !rest.starts_with("=== ")) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    if (trim(line).empty()) break;
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const bool renewed = line.starts_with("EXPECT") || line.starts_with("NOTHING");
    if (!renewed) (line.starts_with('#') ? comments : others) += std::string(line) + '\n';
  }
  for (const Finding& f : run.report.findings) {
    const std::string line = fmt::format("EXPECT: {} {}\n", f.signature, to_string(f.confidence));
    if (expects.find(line) == expects.npos) expects += line;
  }
  if (expects.empty() && others.find("NEAR") == others.npos) expects = "NOTHING\n";
  return comments + expects + others + std::string(rest);
}

}  // namespace diag
