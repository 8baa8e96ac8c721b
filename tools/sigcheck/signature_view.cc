#include "sigcheck/signature_view.h"

#include <fmt/core.h>

#include <algorithm>

#include "common/signature_folder.h"
#include "signature/glob.h"
#include "signature/signature_store.h"

namespace diag::tools {

namespace {

using Role = sig::Clause::Role;

std::string row(std::string_view name, const std::string& text) { return fmt::format("  {:<15} {}\n", name, text); }

std::string clause_rows(std::string_view name, const sig::Clause& c) {
  return row(name, in_words(c) + (c.near ? ", " + c.near->written : ""));
}

std::string page_of(const Signature& s) {
  std::string out = fmt::format("{}  {} {}\n", s.id, to_string(s.severity), to_string(s.confidence));
  out += fmt::format("  \"{}\"\n", s.title.text());
  out += clause_rows("on", s.event);
  if (s.until) out += clause_rows("until", *s.until);
  if (s.affects) {
    for (const sig::Affected& a : s.affects->packages) {
      std::string ranges;
      for (const sig::BuildRange& r : a.ranges) {
        ranges +=
            fmt::format("{}{}{} {}{}, {}{}", ranges.empty() ? "" : "; ", r.stream, r.arch.empty() ? "" : " " + r.arch,
                        r.low_inside ? '[' : '(', r.low, r.high, r.high_inside ? ']' : ')');
      }
      out += row("in " + a.package, ranges);
    }
  }
  for (const sig::Clause& c : s.clues) {
    if (c.role == Role::support)
      out += clause_rows(c.makes ? fmt::format("{} if", to_string(*c.makes)) : "evidence", c);
    if (c.role == Role::exclude) out += clause_rows(c.leaves == sig::Leaves::nothing ? "unless" : "less if", c);
  }
  for (const sig::StepText& step : s.steps) out += row("do", step.instruction.text());
  return out;
}

}  // namespace

Result<Page> show_signatures(const std::string& folder, const std::vector<std::string>& globs) {
  const auto set = SignatureSet::load(folder);
  if (!set) return std::unexpected(set.error());
  Page page;
  for (const std::string& glob : globs) {
    const std::size_t before = page.text.size();
    for (const std::string& id : set->ids()) {
      const Signature& s = *set->find(id);
      if (sig::matches_glob(glob, id) || (!s.code.empty() && sig::matches_glob(glob, s.code)))
        page.text += page_of(s) + '\n';
    }
    if (page.text.size() == before) {
      return std::unexpected(
          Error{Error::Code::unsupported, "no signature is called '" + glob + "'" + nearest_id(*set, glob), ""});
    }
  }
  page.text.pop_back();
  return page;
}

}  // namespace diag::tools
