#include "common/common_options.h"

#include <fmt/core.h>
#include <algorithm>

#include "common/exit_status.h"
#include "common/signature_folder.h"
#include "common/terminal.h"
#include "signature/glob.h"

namespace diag::tools {

void CommonOptions::declare(CommandLine& line, bool with_signatures) {
  line.word("--format", format_, "FORMAT", "text (default), json or jsonl", {"text", "json", "jsonl"});
  line.flag("-a,--all", all_, "Show what is folded: repetitions, stale frames ...");
  if (with_signatures) line.word("--signatures", folder_, "DIR", "Use these signatures; 'none': only show events");
  line.list("--only", only_, "GLOB",
            with_signatures ? "Only signatures whose id or code matches (repeatable)"
                            : "Only findings whose id or code matches (repeatable)");
  line.list("--skip", skip_, "GLOB", "Not those (repeatable)");
  line.word("--fail-on", fail_on_, "LEVEL", "Exit 1 from: info, warning (default), critical, never",
            {"info", "warning", "critical", "never"});
  line.word("--color", color_, "WHEN", "auto (default), always or never", {"auto", "always", "never"});
}

std::optional<SignatureSet> CommonOptions::signatures(const std::string& tool) const {
  auto set = load_signatures(tool, folder_, only_, skip_);
  if (set) return std::move(*set);
  const Error& e = set.error();
  complain(tool, e.where.empty() ? e.message : e.where + ": " + e.message);
  return std::nullopt;
}

void CommonOptions::select(std::vector<Finding>& findings) const {
  const auto matches = [](const Finding& f, const std::vector<std::string>& globs) {
    return std::ranges::any_of(globs, [&](const std::string& glob) {
      return sig::matches_glob(glob, f.signature) || sig::matches_glob(glob, f.code);
    });
  };
  std::erase_if(findings,
                [&](const Finding& f) { return (!only_.empty() && !matches(f, only_)) || matches(f, skip_); });
}

TextStyle CommonOptions::style() const {
  return {.width = terminal_width(),
          .color = color_ == "always" || (color_ == "auto" && wants_color()),
          .utf8 = locale_is_utf8(),
          .all = all_};
}

int CommonOptions::publish(const Report& report) const {
  const bool text = format_ == "text";
  const bool written = write_out(text                ? to_text(report, style())
                                 : format_ == "json" ? to_json(report)
                                                     : to_jsonl(report));
  for (const auto& input : report.facts.inputs) {
    if (!text && input.error) complain(report.tool, fmt::format("{}: {}", input.name, input.error->message));
  }
  return written ? status(report) : static_cast<int>(unreadable_input);
}

int CommonOptions::status(const Report& report) const {
  std::optional<Severity> fail_on;
  if (fail_on_ == "info") fail_on = Severity::info;
  if (fail_on_ == "warning") fail_on = Severity::warning;
  if (fail_on_ == "critical") fail_on = Severity::critical;
  return exit_status(report, fail_on);
}

}  // namespace diag::tools
